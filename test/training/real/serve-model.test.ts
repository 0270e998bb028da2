import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openaiCompatible } from '../../../src/models/openai-compatible.ts';
import { serveModel } from '../../../src/training/serving/serve-model.ts';
import { prepareRealTrial } from './real-trial.ts';

const MINUTES = 60_000;

test.runIf(process.env.ALOE_TEST_TRAINING)(
  'transformers serves a model as it was left by a training',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aloe-serve-'));
    try {
      const { python, base } = await prepareRealTrial(folder);
      const served = await serveModel(base, { python });
      const { model, baseUrl, revision } = served;
      const reply = await openaiCompatible(model, { baseUrl, revision }).generate({
        messages: [{ role: 'user', content: 'Hello!' }],
        maxOutputTokens: 4,
      });
      expect(reply.usage?.outputTokens).toBe(4);
      await served.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  10 * MINUTES,
);
