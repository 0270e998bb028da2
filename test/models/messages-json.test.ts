import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/internal/canonical-json.ts';
import { type Message, user } from '../../src/messages.ts';
import type { CallOptions, ChatModel } from '../../src/models/chat-model.ts';
import { canonicalMessages, messagesJson } from '../../src/models/messages-json.ts';
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

test('a message that a caller changes is written as it is now', () => {
  const message: { -readonly [Key in keyof Message]: Message[Key] } & { name?: string } = {
    role: 'user',
    content: 'Hel',
  };
  const written = () => canonicalMessages([message, user('And "you"?')]);
  const anew = () => canonicalJson([message, user('And "you"?')]);
  expect([written(), written()]).toEqual([anew(), anew()]);
  message.content += 'lo';
  expect(written()).toBe(anew());
  message.role = 'assistant';
  expect(written()).toBe(anew());
  message.name = 'Marit';
  expect(written()).toBe(anew());
  message.name = 'Ada';
  expect(written()).toBe(anew());
  delete message.name;
  expect(written()).toBe(anew());
});
