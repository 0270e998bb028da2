import { expect, test } from 'vitest';
import { balanced } from '../../src/models/balancing/balanced.ts';
import type { ChatModel, ChatResponse } from '../../src/models/chat-model.ts';
import { checkModels } from '../../src/pipeline/index.ts';

const USAGE = { inputTokens: 20, cachedInputTokens: 0, outputTokens: 5 };

function answering(reply: Partial<ChatResponse>): ChatModel {
  return {
    id: 'm',
    generate: async () => ({ text: '{"answer": "yes"}', finishReason: 'stop', usage: USAGE, ...reply }),
  };
}

test.each([
  ['answers as asked', {}, 'ok', 'in the JSON shape asked for'],
  ['answers in prose', { text: 'Yes, it is.' }, 'warning', 'not in the JSON shape'],
  [
    'counts no tokens',
    { usage: { ...USAGE, inputTokens: 0, outputTokens: 0 } },
    'warning',
    'no token counts',
  ],
  ['says nothing', { text: ' ' }, 'error', 'replies with no text.'],
  ['only reasons', { text: '', finishReason: 'length' }, 'error', 'cut off after 1,000 tokens'],
] as const)('a model that %s', async (_what, reply, level, message) => {
  const [check] = await checkModels({ models: { default: answering(reply), embedder: 'lexical' } });
  expect(check).toMatchObject({ level, message: expect.stringContaining(message) });
  expect(check!.roles).toEqual([
    'personas',
    'user',
    'inducer',
    'preferred',
    'rejected',
    'judge',
    'candidate',
  ]);
});

test('an embedder is asked too', async () => {
  const checks = await checkModels({ models: { default: answering({}), embedder: 'lexical' } });
  expect(checks.at(-1)).toMatchObject({ roles: ['embedder'], level: 'ok' });
});

test('each server of a model is checked', async () => {
  const replica = (address: string, generate: ChatModel['generate']): ChatModel => ({
    id: 'm',
    server: { address, stable: false },
    generate,
  });
  const answers = async (): Promise<ChatResponse> => ({
    text: '{"answer": "yes"}',
    finishReason: 'stop',
    usage: { inputTokens: 9, cachedInputTokens: 0, outputTokens: 9 },
  });
  const model = balanced([
    replica('gpu1', answers),
    replica('gpu2', () => Promise.reject(new Error('out of memory'))),
  ]);
  const checks = await checkModels({ models: { default: model, embedder: 'lexical' } });
  expect(checks.map(({ address, level }) => [address, level])).toEqual([
    ['gpu1', 'ok'],
    ['gpu2', 'error'],
    [null, 'ok'],
  ]);
});

test('the name of a model whose address is refused has no password', async () => {
  const [check] = await checkModels({
    models: { default: 'openai-compatible:m@http://me:hunter2@gpu1/v1?key=abc', embedder: 'lexical' },
  });
  expect(check).toMatchObject({
    model: 'openai-compatible:m@http://[redacted]@gpu1/v1?[redacted]',
    level: 'error',
  });
  expect(check?.message).not.toMatch(/hunter2|abc/);
});
