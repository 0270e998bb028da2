import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BudgetExceededError } from '../../src/errors.ts';
import { user } from '../../src/messages.ts';
import type { ChatModel, ChatResponse } from '../../src/models/chat-model.ts';
import { openRun, type Run } from '../../src/runs/run.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-estimated-'));
});
afterEach(() => rm(dir, { recursive: true }));

const NO_COUNTS = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

/** A model whose server counts no tokens. */
function uncounted(reply: Partial<ChatResponse> & Partial<ChatModel> = {}): ChatModel {
  const { free, ...response } = reply;
  return {
    id: 'm',
    free,
    generate: async () => ({ text: '12345', finishReason: 'stop', usage: NO_COUNTS, ...response }),
  };
}

/** 8 tokens and half of four bytes. */
const ask = (run: Run, model: ChatModel, text: string) =>
  run.model(model).generate({ messages: [user(text)], maxOutputTokens: 10 });

test('where a server counts no tokens, a budget holds by an estimate, also in the next process', async () => {
  const budget = { tokens: 3 * 13 + 6 };
  const first = await openRun(dir, { budget });
  expect((await ask(first, uncounted(), 'aaaa')).usage).toEqual(NO_COUNTS);
  await ask(first, uncounted(), 'bbbb');
  expect(first.stats().spending).toMatchObject({
    calls: 2,
    estimatedCalls: 2,
    usage: { inputTokens: 20, outputTokens: 6 },
  });
  await first.close();
  const second = await openRun(dir, { budget });
  expect(second.stats().spending).toMatchObject({ calls: 2, estimatedCalls: 2 });
  await expect(ask(second, uncounted(), 'cccc')).rejects.toThrow(BudgetExceededError);
  await expect(ask(second, uncounted(), 'cccc')).rejects.toThrow(/26 of 45 tokens/);
  expect(await ask(second, uncounted(), 'aaaa')).toMatchObject({ text: '12345', usage: NO_COUNTS });
  await second.close();
});

test.each<[string, ChatModel]>([
  ['a prompt that was refused', uncounted({ finishReason: 'content-filter', text: '' })],
  ['a model in this process', uncounted({ free: true })],
])('%s costs nothing', async (_what, model) => {
  const run = await openRun(dir);
  await ask(run, model, 'aaaa');
  expect(run.stats().spending).toMatchObject({ calls: 1, estimatedCalls: 0, usage: NO_COUNTS });
  await run.close();
});

test('counts that a server gives are taken as they are', async () => {
  const run = await openRun(dir);
  const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 0 };
  await ask(run, uncounted({ usage }), 'aaaa');
  expect(run.stats().spending).toMatchObject({ calls: 1, estimatedCalls: 0, usage });
  await run.close();
});
