import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversationTreeSchema, decisionPoints } from '../../src/conversations/conversation-tree.ts';
import { readReleasedConversations } from '../../src/conversations/released-conversations.ts';
import { InvalidFileError } from '../../src/errors.ts';
import { turnsOf } from './fakes.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-released-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function read(...lines: readonly unknown[]) {
  const path = join(dir, 'train_conversations.jsonl');
  await writeFile(
    path,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
  return Array.fromAsync(readReleasedConversations(path));
}

const turn = (number: number, rest: object = {}) => ({
  user: `Message ${number}`,
  assistant: { preferred: `Good ${number}`, rejected: `Dull ${number}` },
  chosen: 'preferred',
  inferred_profile: '',
  inferred_personality: '',
  ...rest,
});

const line = (...conversations: readonly unknown[]) => ({
  profile: 'She is 34. She repairs clocks in Cork. Her son is 3.',
  personality: 'She is dry. She dislikes small talk.',
  conversations,
});

describe('a line of the released conversations', () => {
  test('becomes a tree with one path that continues from the chosen side', async () => {
    const [tree] = await read(line(turn(1), turn(2, { chosen: 'rejected' }), turn(3)));
    expect(turnsOf(tree!).map(({ turn, user }) => [turn, user])).toEqual([
      [1, 'Message 1'],
      [2, 'Message 2'],
      [3, 'Message 3'],
    ]);
    const last = [...decisionPoints(tree!)].at(-1)!;
    expect(last.path).toEqual(['preferred', 'rejected']);
    expect(last.conversation.map(({ content }) => content)).toEqual([
      'Message 1',
      'Good 1',
      'Message 2',
      'Dull 2',
      'Message 3',
    ]);
    expect(last.node).toEqual({
      turn: 3,
      user: 'Message 3',
      revealed: [],
      preferred: { text: 'Good 3', truncated: false },
      rejected: { text: 'Dull 3', truncated: false },
    });
    expect(conversationTreeSchema.parse(tree)).toEqual(tree);
  });

  test('has its texts as statements, and unknown models and prompts', async () => {
    const [tree] = await read(line(turn(1)));
    expect(tree!.persona.profile.facts).toEqual(['She is 34', 'She repairs clocks in Cork', 'Her son is 3']);
    expect(tree!.persona.personality.traits).toEqual(['She is dry', 'She dislikes small talk']);
    expect(tree!.id).toBe('train-conversations-0001');
    expect(tree!.failures).toEqual([]);
    expect(new Set(Object.values(tree!.provenance.models))).toEqual(new Set(['unknown']));
    expect(new Set(Object.values(tree!.provenance.prompts))).toEqual(new Set(['unknown']));
  });

  test('has the same profile id as another line about the same person, so that splitting by profile works', async () => {
    const other = { ...line(turn(1)), personality: 'He is loud.' };
    const [first, second, third] = await read(line(turn(1)), other, { ...other, profile: 'He is 70.' });
    expect(second!.persona.profile).toEqual(first!.persona.profile);
    expect(second!.persona.personality.id).not.toBe(first!.persona.personality.id);
    expect(third!.persona.profile.id).not.toBe(first!.persona.profile.id);
    expect(third!.persona.personality.id).toBe(second!.persona.personality.id);
    expect(new Set([first, second, third].map((tree) => tree!.id)).size).toBe(3);
  });

  test('reveals what its inferred texts contain word for word, and that only grows', async () => {
    const [tree] = await read(
      line(
        turn(1, { inferred_profile: null }),
        turn(2, { inferred_profile: 'she REPAIRS clocks, in Cork!', inferred_personality: 'Perhaps witty.' }),
        turn(3, { inferred_profile: 'Her son is 34.', inferred_personality: 'She is dry, she likes jokes.' }),
        { user: 'Bye', assistant: { preferred: 'Bye!', rejected: 'Goodbye.' }, chosen: 'preferred' },
      ),
    );
    expect(turnsOf(tree!).map(({ revealed }) => revealed)).toEqual([[], ['F2'], ['F2', 'T1'], ['F2', 'T1']]);
  });
});

describe('a damaged file of released conversations', () => {
  test('is rejected if a conversation is longer than its tree can be saved', async () => {
    const reading = read(line(turn(1)), line(...Array(451).fill(turn(1))));
    await expect(reading).rejects.toThrow(InvalidFileError);
    await expect(reading).rejects.toThrow('line 2: conversations: must contain at most 450 turns');
  });

  test.each([
    ['{"profile": ', 'line 2 is not JSON'],
    ['{"profile": "A."} {"profile": "B."}', 'line 2 is not JSON'],
    [{ profile: 'A.', personality: 'B.' }, 'line 2: conversations'],
    [{ ...line(turn(1)), profile: ' ... ' }, 'line 2: profile: must contain words'],
    [line(), 'line 2: conversations: must contain at least one turn'],
    [line(turn(1), turn(2, { chosen: 'second' })), 'line 2, turn 2: chosen'],
    [line(turn(1, { user: ' ' })), 'line 2, turn 1: user: must not be empty'],
    [line(turn(1, { assistant: { preferred: 'Yes' } })), 'line 2, turn 1: assistant.rejected'],
    [line('Hello'), 'line 2, turn 1: '],
    [['no', 'object'], 'line 2: '],
  ])('is rejected with its line and turn: %j', async (bad, message) => {
    const reading = read(line(turn(1)), bad);
    await expect(reading).rejects.toThrow(InvalidFileError);
    await expect(reading).rejects.toThrow(message);
  });

  test('yields the conversations before the damage', async () => {
    const path = join(dir, 'half.jsonl');
    await writeFile(path, `${JSON.stringify(line(turn(1)))}\n{\n`);
    const reading = readReleasedConversations(path);
    expect((await reading.next()).value).toMatchObject({ id: 'half-0001' });
    await expect(reading.next()).rejects.toThrow('line 2');
  });

  test('is told apart from a missing one', async () => {
    await expect(readReleasedConversations(join(dir, 'none.jsonl')).next()).rejects.toThrow(/cannot be read/);
  });
});
