import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBlockMaxima, type Rows } from '../../src/embeddings/block-maxima.ts';
import { loadOnnxRuntime, type OnnxRuntime } from '../../src/embeddings/onnx-runtime.ts';
import { sessionOptions } from '../../src/embeddings/session-options.ts';
import { dot } from '../../src/embeddings/similarity.ts';
import { scattered } from './random-vectors.ts';

const former = dirname(createRequire(import.meta.url).resolve('@xenova/transformers'));

const RUNTIMES: [string, OnnxRuntime][] = [
  ['the onnxruntime of @huggingface/transformers', (await loadOnnxRuntime())!],
  ['the older one of @xenova/transformers', (await loadOnnxRuntime([former]))!],
];

function rowsOf(vectors: readonly Float32Array[]): Rows {
  return { values: Float32Array.from(vectors.flatMap((vector) => [...vector])), count: vectors.length };
}

describe('the two runtimes', () => {
  it('are not the same', () => {
    expect(RUNTIMES[0]![1]).not.toBe(RUNTIMES[1]![1]);
  });
});

describe.each(RUNTIMES)('openBlockMaxima on %s', (_name, runtime) => {
  it.each([1, 2, 8])('gives the greatest product of each %i neighbours', async (group) => {
    const maxima = await openBlockMaxima(runtime);
    const left = scattered({ seed: 1, count: 7, dimensions: 33 });
    const right = scattered({ seed: 2, count: 64, dimensions: 33 });
    const found = await maxima(rowsOf(left), rowsOf(right), group);
    const expected = left.flatMap((vector) => {
      const products = right.map((other) => dot(other, 0, vector));
      return Array.from({ length: 64 / group }, (_, i) =>
        Math.max(...products.slice(i * group, (i + 1) * group)),
      );
    });
    expect(found).toHaveLength(expected.length);
    expect(Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)))).toBeLessThan(1e-6);
  });
});

describe('the session of openBlockMaxima', () => {
  it('has as many threads as told, else the default', async () => {
    const { Tensor, InferenceSession } = RUNTIMES[0]![1];
    const options: object[] = [];
    const create = (model: Uint8Array, settings: object) => {
      options.push(settings);
      return InferenceSession.create(model, settings);
    };
    await openBlockMaxima({ Tensor, InferenceSession: { create } }, 3);
    await openBlockMaxima({ Tensor, InferenceSession: { create } });
    expect(options).toEqual(
      [sessionOptions(3), sessionOptions()].map((session) => ({ executionProviders: ['cpu'], ...session })),
    );
  });
});
