import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MissingWeightsError } from '../../src/errors.ts';
import { embeddedModel } from '../../src/models/embedded.ts';
import { llamaCpp } from '../../src/models/llama-cpp.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';

test('the embedded model is the downloaded file with its own sampling', { timeout: 300_000 }, async () => {
  const paths = await pullWeights({ sets: ['smollm2-135m-instruct'] });
  const plain = llamaCpp({ modelPath: paths['smollm2-135m-instruct'] });
  expect(embeddedModel().id).toMatch(/^llama-cpp:SmolLM2-135M-Instruct/);
  expect(embeddedModel().id).toContain(plain.id);
  expect(embeddedModel().id).not.toBe(plain.id);
});

test('missing weights fail at once, with the command that downloads them', async () => {
  const modelsDir = await mkdtemp(join(tmpdir(), 'aloe-embedded-'));
  try {
    expect(() => embeddedModel({ modelsDir })).toThrow(MissingWeightsError);
    expect(() => embeddedModel({ modelsDir })).toThrow('npx aloe-align models pull');
  } finally {
    await rm(modelsDir, { recursive: true });
  }
});
