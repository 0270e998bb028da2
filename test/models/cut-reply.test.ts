import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ChatModel, type ChatResponse, NO_USAGE } from '../../src/models/chat-model.ts';
import { cutReply } from '../../src/models/cut-reply.ts';
import { generateStructured } from '../../src/models/structured.ts';
import { memoryRun } from '../../src/runs/run.ts';

const messages = [{ role: 'user', content: 'Hello.' }] as const;

function reply(text: string, finishReason: ChatResponse['finishReason'] = 'stop'): ChatResponse {
  return { text, finishReason, usage: NO_USAGE };
}

function talker(text: string): ChatModel {
  return { id: 'talker', generate: async () => reply(text) };
}

test.each([
  ['a short one', 'a'.repeat(16_000), 10, 16_000, 'stop'],
  ['one over the least room', 'a'.repeat(16_001), 10, 16_000, 'length'],
  ['one of 16 characters per token', 'a'.repeat(32_000), 2_000, 32_000, 'stop'],
  ['one of more', 'a'.repeat(32_001), 2_000, 32_000, 'length'],
  ['one without a limit', 'a'.repeat(1_000_000), undefined, 1_000_000, 'stop'],
  ['16 MiB', 'a'.repeat(16 * 2 ** 20), undefined, 1_048_576, 'length'],
  ['one that would be cut within a character', `${'a'.repeat(15_999)}👍`, 10, 15_999, 'length'],
])('a reply, %s, is cut where it must be', (_what, text, maxOutputTokens, length, finishReason) => {
  const cut = cutReply(reply(text), { messages, maxOutputTokens });
  expect([cut.text.length, cut.finishReason]).toEqual([length, finishReason]);
});

test('a withheld reply stays withheld', () => {
  const cut = cutReply(reply('a'.repeat(20_000), 'content-filter'), { messages, maxOutputTokens: 1 });
  expect([cut.text.length, cut.finishReason]).toEqual([16_000, 'content-filter']);
});

test('in a run, what is returned, recorded and replayed is the cut reply', async () => {
  const run = memoryRun();
  const model = run.model(talker('a'.repeat(100_000)));
  const request = { messages, maxOutputTokens: 100 };
  const first = await model.generate(request);
  expect([first.text.length, first.finishReason]).toEqual([16_000, 'length']);
  expect(await model.generate(request)).toEqual(first);
  expect(run.stats()).toMatchObject({ calls: 1, replayed: 1 });
  await run.close();
});

test('without a run, a structured reply is cut before it is read', async () => {
  const late = `${' '.repeat(20_000)}{"score": 4}`;
  const options = { name: 'verdict', schema: z.object({ score: z.int() }), attempts: 1 };
  const request = { messages, maxOutputTokens: 100 };
  await expect(generateStructured(talker(late), request, options)).rejects.toThrow(
    'was cut off at 100 tokens',
  );
  const early = `{"score": 4}${' '.repeat(20_000)}`;
  expect(await generateStructured(talker(early), request, options)).toEqual({ score: 4 });
});
