import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { continueBoth } from '../../src/conversations/continuation.ts';
import { teeConversations } from '../../src/conversations/conversation-files.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { ModelCallError } from '../../src/errors.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import type { RunStats } from '../../src/runs/events.ts';
import { openRun } from '../../src/runs/run.ts';
import { beekeepers, cast, delayed } from './fakes.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-conversations-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** The whole program: opens the run, plays conversations, writes the file. */
async function program(name: string, model: ChatModel): Promise<RunStats> {
  const run = await openRun(join(dir, name), { seed: 7, retry: { retries: 0 } });
  try {
    const builder = new ConversationTreeBuilder({
      run,
      roles: model,
      turns: 5,
      continuation: continueBoth({ depth: 1 }),
      order: 'input',
    });
    const trees = teeConversations(builder.build(beekeepers(4)), join(dir, `${name}.jsonl`));
    await Array.fromAsync(trees);
    return run.stats();
  } finally {
    await run.close();
  }
}

const fileOf = (name: string) => readFile(join(dir, `${name}.jsonl`), 'utf8');

/** The same model, but after `answers` calls every call fails. */
function failingAfter(model: ChatModel, answers: number): ChatModel {
  let answered = 0;
  return {
    id: model.id,
    async generate(request, options) {
      if (answered >= answers) throw new ModelCallError(model.id, 'killed', { retryable: true });
      answered += 1;
      return model.generate(request, options);
    },
  };
}

test('running the same program again makes no calls and writes the same bytes', async () => {
  const first = await program('a', delayed(cast(), 2));
  const file = await fileOf('a');
  const model = cast();
  const second = await program('a', model);
  expect(model.calls).toHaveLength(0);
  expect(second).toMatchObject({ calls: 0, replayed: first.calls });
  expect(await fileOf('a')).toBe(file);
});

test.each([1, 7, 60, 120])(
  'a run interrupted after %i calls resumes without paying for anything twice',
  async (answers) => {
    const whole = await program('whole', cast());
    expect(whole.calls).toBeGreaterThan(120);
    await expect(program('broken', failingAfter(cast(), answers))).rejects.toThrow('killed');
    await expect(fileOf('broken')).rejects.toThrow('ENOENT');
    const rest = await program('broken', delayed(cast(), 1));
    expect(rest.calls).toBe(whole.calls - answers);
    expect(await fileOf('broken')).toBe(await fileOf('whole'));
  },
);

test('unusable replies in the journal are not paid for again', async () => {
  const stumbling = () =>
    cast({
      'role-player': (_request, { place }) =>
        place?.sample === 0 && place.turn === 2 ? '*smiles*' : undefined,
    });
  const { calls } = await program('a', stumbling());
  expect(await program('a', stumbling())).toMatchObject({ calls: 0, replayed: calls });
});
