import { expect, test } from 'vitest';
import { user } from '../../src/messages.ts';
import type { CallOptions, ChatModel } from '../../src/models/chat-model.ts';
import { messagesJson } from '../../src/models/messages-json.ts';
import { memoryRun } from '../../src/runs/run.ts';

/** Says what it would send. */
const sender: ChatModel = {
  id: 'sender',
  generate: async ({ messages }, options: CallOptions = {}) => ({
    text: messagesJson(messages, options),
    finishReason: 'stop',
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
  }),
};

test('a run passes on the messages as they were written for the key', async () => {
  const run = memoryRun();
  const { text } = await run.model(sender).generate({ messages: [user('Hello "you"')] });
  expect(text).toBe('[{"content":"Hello \\"you\\"","role":"user"}]');
  await run.close();
});

test('other messages than those of the key are written anew', async () => {
  const other: ChatModel = {
    ...sender,
    generate: ({ messages }, options) => sender.generate({ messages: [...messages, user('And?')] }, options),
  };
  const run = memoryRun();
  const { text } = await run.model(other).generate({ messages: [user('Hello')] });
  expect(JSON.parse(text)).toEqual([user('Hello'), user('And?')]);
  await run.close();
});

test('outside a run they are written', () => {
  expect(messagesJson([user('Hello')], {})).toBe('[{"role":"user","content":"Hello"}]');
});
