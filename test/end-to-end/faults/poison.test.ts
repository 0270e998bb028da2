import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConversationTree } from '../../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../../src/conversations/conversation-tree-builder.ts';
import { openai } from '../../../src/models/openai.ts';
import { type Persona, pairPersona } from '../../../src/personas/persona.ts';
import { openRun } from '../../../src/runs/run.ts';
import { beekeeper } from '../../conversations/fakes.ts';
import { send } from '../../models/chat-server.ts';
import { startTeacher, type Teacher } from './teacher.ts';

let folder: string;
let teacher: Teacher;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-poison-'));
  teacher = await startTeacher();
});
afterEach(async () => {
  await teacher.close();
  await rm(folder, { recursive: true });
});

const POISON = 'Keeps a snake called Ada';

const personas: Persona[] = [1, 2, 3, 4].map((number) => {
  const { id, profile, personality } = beekeeper(number);
  const facts = number === 2 ? [...profile.facts, POISON] : profile.facts;
  return { ...pairPersona({ ...profile, facts }, personality), id };
});

async function play(): Promise<ConversationTree[]> {
  const run = await openRun(join(folder, 'run'), { seed: 7, retry: { retries: 1, baseDelayMs: 1 } });
  try {
    const roles = openai('teacher', { baseUrl: teacher.baseUrl, apiKey: 'none', revision: 'r1' });
    const builder = new ConversationTreeBuilder({ run, roles, turns: 2, order: 'input' });
    return await Array.fromAsync(builder.build(personas));
  } finally {
    await run.close();
  }
}

test('one conversation that a server fails on for ever fails alone, with its cause, and is all that a later run takes up', async () => {
  teacher.unlike = (body, response) => {
    const poisoned = JSON.stringify(body).includes(POISON);
    if (poisoned) send(response, { error: { message: 'the cake is a lie' } }, 500);
    return poisoned;
  };
  const trees = await play();
  expect(trees.map(({ root, failures }) => [root !== null, failures.length > 0])).toEqual([
    [true, false],
    [false, true],
    [true, false],
    [true, false],
  ]);
  for (const failure of trees[1]!.failures) {
    expect(failure).toMatchObject({
      turn: 1,
      code: 'model-call-failed',
      message: expect.stringMatching(/500.*the cake is a lie/),
    });
  }

  teacher.unlike = () => false;
  const before = teacher.asked.length;
  const again = await play();
  expect(again.toSpliced(1, 1)).toEqual(trees.toSpliced(1, 1));
  expect(again[1]).toMatchObject({ root: { turn: 1 }, failures: [] });
  // Two turns of four calls.
  expect(teacher.asked.length - before).toBe(8);
});
