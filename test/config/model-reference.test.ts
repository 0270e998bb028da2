import { describe, expect, test } from 'vitest';
import { keyDestinations } from '../../src/cli/study/key-destinations.ts';
import { parseModelReference } from '../../src/config/model-reference.ts';
import { openModel } from '../../src/config/open-model.ts';

test.each([
  ['openai:gpt-4o', { kind: 'openai', name: 'gpt-4o' }],
  ['gpt-4o', { kind: 'openai', name: 'gpt-4o' }],
  ['llama3:8b', { kind: 'openai', name: 'llama3:8b' }],
  ['openai-compatible:m@home', { kind: 'openai-compatible', name: 'm@home', baseUrl: undefined }],
  [
    'openai-compatible:org/m@http://localhost:8000/v1',
    { kind: 'openai-compatible', name: 'org/m', baseUrl: 'http://localhost:8000/v1' },
  ],
  ['ai-sdk:@ai-sdk/anthropic:claude', { kind: 'ai-sdk', packageName: '@ai-sdk/anthropic', name: 'claude' }],
  ['gguf:models/a:b.gguf', { kind: 'gguf', path: 'models/a:b.gguf' }],
  ['hf:owner/repo:Q4_K_M', { kind: 'gguf', path: 'hf:owner/repo:Q4_K_M' }],
  ['embedded', { kind: 'embedded' }],
])('%s', (text, reference) => {
  expect(parseModelReference(text)).toEqual(reference);
});

test.each([
  '',
  'openai:',
  'openai-compatible:@http://localhost/v1',
  'ai-sdk:@ai-sdk/anthropic',
  'ai-sdk:./model.mjs:x',
  'ai-sdk:/home/me/model.mjs:x',
  'ai-sdk:@a/../../model:x',
  'gguf:',
  'hf:',
  'embedded:x',
  'qwen3@http://localhost:8000/v1',
  'openai:qwen3@https://models.lan/v1',
])('"%s" is refused', (text) => {
  expect(() => parseModelReference(text, 'models.judge')).toThrow(
    'Option "models.judge": expected openai:NAME',
  );
});

test('a served model has the same identity by either adapter', async () => {
  const { model: one } = await openModel('openai-compatible:m@http://localhost:8000/v1');
  const { model: other } = await openModel({ model: 'm', baseUrl: 'http://localhost:8000/v1' });
  expect(one.id).toBe(other.id);
});

test('batch: true is for models on a server', async () => {
  const { model } = await openModel({ model: 'openai-compatible:m@http://localhost:8000/v1', batch: true });
  expect(model).toMatchObject({ id: 'm', inBatches: expect.any(Function) });
  await expect(openModel({ model: 'gguf:a.gguf', batch: true })).rejects.toThrow(/"model\.batch"/);
});

test('settings that go with no server are refused', async () => {
  await expect(openModel({ model: 'gguf:a.gguf', baseUrl: 'http://localhost/v1' })).rejects.toThrow(
    'Option "model.baseUrl": expected no value for gguf:a.gguf',
  );
  await expect(
    openModel({ model: 'm', keyEnv: 'ALOE_TEST_UNSET' }, { option: 'models.user' }),
  ).rejects.toThrow('Option "models.user.keyEnv": expected the name of an environment variable that is set');
  await expect(openModel('ai-sdk:@ai-sdk/nothing:m')).rejects.toThrow('needs the package "@ai-sdk/nothing"');
});

test('a provider of the AI SDK is imported by its package', async () => {
  const error = await openModel('ai-sdk:@ai-sdk/openai-compatible:m').catch(
    (thrown: Error) => thrown.message,
  );
  expect(error).toContain('a package that exports the provider "openaiCompatible"');
});

describe('several servers of one model', () => {
  const URLS = 'http://gpu1:8000/v1, http://gpu2:8000/v1,https://gpu3/v1?a=1,2';

  test.each([
    ['in the reference', { model: `openai-compatible:m@${URLS}` }],
    ['as its base URL', { model: 'm', baseUrl: URLS }],
  ])('are named %s, with commas between them', async (_where, given) => {
    const { model } = await openModel(given);
    expect(model.id).toBe('m');
    expect(model.server).toEqual({ address: 'gpu1:8000/v1, gpu2:8000/v1, gpu3/v1', stable: false });
    expect(model.replicas?.map(({ server }) => server?.address)).toEqual([
      'gpu1:8000/v1',
      'gpu2:8000/v1',
      'gpu3/v1',
    ]);
  });

  test.each([
    'http://gpu1:8000/v1,gpu2:8000/v1',
    'http://gpu1:8000/v1 http://gpu2:8000/v1',
    'http://gpu1:8000/v1; http://gpu2:8000/v1',
    'http://gpu1:8000/v1,',
  ])('are not named as %s: that would be one server', async (baseUrl) => {
    await expect(openModel({ model: 'm', baseUrl })).rejects.toThrow(
      'Option "model.baseUrl": expected a base URL, or several with commas between them',
    );
  });

  test('share a revision', async () => {
    const { model } = await openModel({ model: 'm', baseUrl: URLS, revision: 'r2' });
    expect(model).toMatchObject({ id: 'm@r2', server: undefined });
  });

  test('a key goes to is told of each of them', () => {
    const judge = { model: 'm', baseUrl: URLS, keyEnv: 'MY_KEY' };
    expect(keyDestinations({ models: { judge } })).toEqual(
      ['gpu1:8000', 'gpu2:8000', 'gpu3'].map((host) => ({ keyEnv: 'MY_KEY', host })),
    );
  });
});
