import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  readConversations,
  saveConversations,
  teeConversations,
} from '../../src/conversations/conversation-files.ts';
import { decisionPoints } from '../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { InvalidFileError, InvalidOptionError } from '../../src/errors.ts';
import { beekeeper, beekeepers, cast, turnsOf } from './fakes.ts';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-trees-'));
  path = join(dir, 'conversations.jsonl');
});
afterEach(() => rm(dir, { recursive: true }));

const play = (count: number, turns = 2) =>
  Array.fromAsync(
    new ConversationTreeBuilder({ roles: cast(), turns, order: 'input' }).build(beekeepers(count)),
  );

describe('a file of conversations', () => {
  test('has one line per tree, reads back unchanged, and is passed through', async () => {
    const trees = await play(3);
    const odd = { ...trees[0]!, id: 'odd', root: { ...trees[0]!.root!, user: 'a\u2028b \u{1F41D}\n"c"' } };
    expect(await Array.fromAsync(teeConversations([...trees, odd], path))).toEqual([...trees, odd]);
    expect(await Array.fromAsync(readConversations(path))).toEqual([...trees, odd]);
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(5);
  });

  test('keeps verdicts, the model of a response and the responses that were not chosen', async () => {
    const [tree] = await play(1);
    const { preferred, ...node } = tree!.root!;
    const verdict = {
      winner: 'undecided' as const,
      margin: -0.5,
      judge: 'judge-1',
      prompt: 'verify-pair@1',
      orders: [
        { first: 'preferred' as const, picked: 'equal' as const, strength: 0 },
        { first: 'rejected' as const, picked: 'rejected' as const, strength: 1, rationale: 'Shorter.' },
      ],
    };
    const alternatives = [{ text: 'Bees!', truncated: true, model: 'teacher-b', score: 4.5 }];
    const verified = {
      ...tree!,
      root: { ...node, preferred: { ...preferred, model: 'teacher-a', score: 7, alternatives }, verdict },
    };
    await saveConversations([verified], path);
    expect(await Array.fromAsync(readConversations(path))).toEqual([verified]);
    const wrong = { ...verified, root: { ...verified.root, verdict: { ...verdict, winner: 'second' } } };
    await writeFile(path, JSON.stringify(wrong));
    await expect(readConversations(path).next()).rejects.toThrow('root.verdict.winner');
  });

  test('can contain conversations of 450 turns, which can be played, saved, read and walked', async () => {
    const [tree] = await play(1, 450);
    expect(turnsOf(tree!)).toHaveLength(450);
    await saveConversations([tree!], path);
    const [read] = await Array.fromAsync(readConversations(path));
    expect(read).toEqual(tree);
    const points = [...decisionPoints(read!)];
    expect(points).toHaveLength(450);
    expect(points.at(-1)!.conversation).toHaveLength(899);
  });

  test('appears once the stream has ended; if it breaks off, an existing file is unchanged', async () => {
    await writeFile(path, 'before');
    async function* breaking() {
      yield* await play(1);
      throw new Error('no more');
    }
    await expect(saveConversations(breaking(), path)).rejects.toThrow('no more');
    for await (const _tree of teeConversations(await play(2), path)) break;
    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(dir)).toEqual(['conversations.jsonl']);
  });

  test('that cannot be written is rejected before anything is played', async () => {
    await writeFile(path, '');
    const model = cast();
    const stream = new ConversationTreeBuilder({ roles: model }).build([beekeeper()]);
    const saving = saveConversations(stream, join(path, 'file.jsonl'));
    await expect(saving).rejects.toThrow(InvalidOptionError);
    expect(model.calls).toHaveLength(0);
  });

  test('with an invalid line is rejected with the line and the problem', async () => {
    const [tree] = await play(1);
    const broken = { ...tree!, root: { ...tree!.root!, preferred: { text: 5, truncated: false } } };
    await writeFile(path, `${JSON.stringify(tree)}\n${JSON.stringify(broken)}\n`);
    const reading = readConversations(path);
    expect((await reading.next()).value).toEqual(tree);
    const error = await reading.next().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidFileError);
    expect((error as Error).message).toMatch(/conversations\.jsonl: line 2 .*root\.preferred\.text/s);
  });

  test.each([600, 5_000, 200_000])('is rejected for a line of %d nested turns', async (turns) => {
    const [tree] = await play(1);
    const turn = '{"turn":1,"user":"?","revealed":[],"rejected":{"text":"!","truncated":false},"preferred":';
    const last = '{"text":"!","truncated":false}';
    const open = `${turn}{"text":"!","truncated":false,"next":`;
    const root = `${open.repeat(turns - 1)}${turn}${last}}${'}}'.repeat(turns - 1)}`;
    const { root: _root, ...rest } = tree!;
    await writeFile(path, `${JSON.stringify(tree)}\n${JSON.stringify(rest).slice(0, -1)},"root":${root}}\n`);
    const reading = readConversations(path);
    expect((await reading.next()).value).toEqual(tree);
    const error = await reading.next().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidFileError);
    expect((error as Error).message).toMatch(/conversations\.jsonl: line 2 is nested too deep/);
  });

  test('is rejected for a line of 600 MB', async () => {
    const [tree] = await play(1);
    await writeFile(path, `${JSON.stringify(tree)}\n`);
    await truncate(path, 600_000_000);
    const reading = readConversations(path);
    expect((await reading.next()).value).toEqual(tree);
    const error = await reading.next().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidFileError);
    expect((error as Error).message).toMatch(/conversations\.jsonl: line 2 is longer than 256 MiB/);
  });

  test.each(['{"schema": "aloe-conversation/2"}', '[]', '"text"', '{"schema": '])(
    'is rejected for the line %s',
    async (line) => {
      await writeFile(path, `${line}\n`);
      await expect(Array.fromAsync(readConversations(path))).rejects.toThrow(/line 1 is not/);
    },
  );
});
