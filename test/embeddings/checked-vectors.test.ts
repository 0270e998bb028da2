import { expect, test } from 'vitest';
import type { Embedder } from '../../src/embeddings/embedder.ts';
import { memoryRun } from '../../src/runs/run.ts';

/** An embedder whose `embed` returns what is given, whatever the texts. */
const returning = (vectors: unknown): Embedder => ({
  id: 'own',
  dimensions: 2,
  embed: async () => vectors as Float32Array[],
});

const good = Float32Array.of(3, 4);

test.each<[string, unknown, string]>([
  ['no list', undefined, 'own: returned no list of vectors for 2 texts.'],
  ['too few vectors', [good], 'own: returned 1 vectors for 2 texts.'],
  ['too many vectors', [good, good, good], 'own: returned 3 vectors for 2 texts.'],
  ['a missing vector', [good, undefined], 'own: returned no vector for text 2 of 2.'],
  ['another length', [good, Float32Array.of(1)], 'own: a vector has 1 dimensions, not the 2 expected.'],
  ['NaN', [good, Float32Array.of(Number.NaN, 1)], 'own: dimension 0 of a vector is NaN'],
  ['zeros', [good, Float32Array.of(0, 0)], 'own: a vector of length 0 has no direction.'],
])('an embedder that returns %s is refused, and the run keeps none of it', async (_, vectors, message) => {
  const run = memoryRun();
  await expect(run.embedder(returning(vectors)).embed(['a', 'b'])).rejects.toThrow(message);
  const mended = await run.embedder(returning([good, good])).embed(['a', 'b']);
  expect(mended).toEqual([good, good]);
});

test('plain arrays of numbers are vectors too, and are replayed as such', async () => {
  const run = memoryRun();
  const embedder = returning([
    [3, 4],
    [1, 0],
  ]);
  const expected = [Float32Array.of(3, 4), Float32Array.of(1, 0)];
  expect(await run.embedder(embedder).embed(['a', 'b'])).toEqual(expected);
  expect(await run.embedder(returning(undefined)).embed(['a', 'b'])).toEqual(expected);
});
