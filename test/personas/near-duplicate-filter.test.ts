import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Embedder } from '../../src/embeddings/embedder.ts';
import { cosine64 } from '../../src/embeddings/similarity.ts';
import { InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import { nearDuplicateFilter } from '../../src/personas/near-duplicate-filter.ts';

/** The text of a candidate is its vector, as JSON. Records each batch. */
function spellingEmbedder(dimensions: number): Embedder & { batches: string[][] } {
  const batches: string[][] = [];
  return {
    id: 'spelling',
    dimensions,
    batches,
    async embed(texts) {
      batches.push([...texts]);
      return texts.map((text) => Float32Array.from(JSON.parse(text) as number[]));
    },
  };
}

const candidate = (id: string, ...vector: number[]) => ({ id, text: JSON.stringify(vector) });

/** The rule written down naively: every pair, double precision. */
function keptByReference(vectors: readonly (readonly number[])[], threshold: number): number[] {
  const kept: number[] = [];
  for (const [index, vector] of vectors.entries()) {
    const similarities = kept.map((other) => cosine64(vectors[other]!, vector));
    if (similarities.every((similarity) => Math.fround(similarity) <= Math.fround(threshold)))
      kept.push(index);
  }
  return kept;
}

describe('nearDuplicateFilter', () => {
  it('keeps a candidate at the threshold and rejects one above it', async () => {
    const filter = nearDuplicateFilter({ embedder: spellingEmbedder(2) });
    const verdicts = await filter.accept([
      candidate('a', 1, 0),
      candidate('at', 0.6, 0.8),
      candidate('above', 0.6001, -Math.sqrt(1 - 0.6001 ** 2)),
    ]);
    expect(verdicts.map(({ accepted }) => accepted)).toEqual([true, true, false]);
    expect(verdicts[2]!.nearest!.id).toBe('a');
    expect(verdicts[2]!.nearest!.similarity).toBeCloseTo(0.6001, 6);
  });

  it('settles in double precision what rounded vectors leave open near the threshold', async () => {
    // The cosine is 0.6 to the last digit. Rounded to single precision the vectors are a little too long, and their
    // product is 0.60000005, which is above 0.6 in single precision too.
    const filter = nearDuplicateFilter({ embedder: spellingEmbedder(2) });
    const [, verdict] = await filter.accept([candidate('a', 7, 18), candidate('at', -51, 82)]);
    expect(verdict).toMatchObject({ accepted: true, nearest: { id: 'a' } });
  });

  it('compares with candidates of the same batch, and names the nearest of all', async () => {
    const filter = nearDuplicateFilter({ embedder: spellingEmbedder(2) });
    await filter.keep([candidate('seed', 1, 0)]);
    const verdicts = await filter.accept([candidate('b', 0, 1), candidate('c', 0.1, Math.sqrt(0.99))]);
    expect(verdicts[0]).toEqual({ accepted: true, nearest: { id: 'seed', similarity: 0 } });
    expect(verdicts[1]).toMatchObject({ accepted: false, nearest: { id: 'b' } });
    expect(filter.size).toBe(2);
  });

  it('embeds each batch once and nothing a second time', async () => {
    const embedder = spellingEmbedder(2);
    const filter = nearDuplicateFilter({ embedder });
    await filter.accept([candidate('a', 1, 0), candidate('b', 0, 1)]);
    await filter.accept([]);
    await filter.accept([candidate('c', -1, 0)]);
    expect(embedder.batches).toEqual([['[1,0]', '[0,1]'], ['[-1,0]']]);
  });

  it('gives no verdict on what comes after the limit', async () => {
    const filter = nearDuplicateFilter({ embedder: spellingEmbedder(2) });
    const batch = [candidate('a', 1, 0), candidate('a2', 1, 0), candidate('b', 0, 1), candidate('c', -1, 0)];
    const verdicts = await filter.accept(batch, { limit: 2 });
    expect(verdicts.map(({ accepted }) => accepted)).toEqual([true, false, true]);
    expect(filter.size).toBe(2);
  });

  it('keeps what a double-precision search over all pairs keeps, however the batches are cut', async () => {
    const vectors = fc
      .array(fc.tuple(...Array.from({ length: 5 }, () => fc.integer({ min: -3, max: 3 }))), { maxLength: 60 })
      .map((rows) => rows.filter((row) => row.some((value) => value !== 0)));
    await fc.assert(
      fc.asyncProperty(
        vectors,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        // 0.8 and 0.5 are exact cosines of many of these vectors.
        fc.constantFrom(0.5, 0.6, 0.8),
        async (rows, sizes, threshold) => {
          const filter = nearDuplicateFilter({ embedder: spellingEmbedder(5), threshold });
          const kept: number[] = [];
          for (let start = 0, turn = 0; start < rows.length; turn++) {
            const batch = rows.slice(start, start + sizes[turn % sizes.length]!);
            const verdicts = await filter.accept(batch.map((row, i) => candidate(`${start + i}`, ...row)));
            kept.push(...verdicts.flatMap(({ accepted }, i) => (accepted ? [start + i] : [])));
            start += batch.length;
          }
          expect(kept).toEqual(keptByReference(rows, threshold));
        },
      ),
    );
  });

  it('refuses a threshold that is no cosine', () => {
    expect(() => nearDuplicateFilter({ embedder: spellingEmbedder(2), threshold: 1.1 })).toThrow(
      InvalidOptionError,
    );
  });

  it.each([
    ['not a number', [Number.NaN, 1]],
    ['too long', [1, 0, 0]],
    ['all zero', [0, 0]],
  ])('refuses a vector that is %s', async (_name, vector) => {
    const embedder: Embedder = {
      id: 'broken',
      dimensions: 2,
      embed: async () => [Float32Array.from(vector)],
    };
    await expect(nearDuplicateFilter({ embedder }).accept([candidate('a', 1, 0)])).rejects.toThrow(
      ModelCallError,
    );
  });

  it('refuses an embedder that loses a text', async () => {
    const embedder: Embedder = { id: 'lossy', dimensions: 2, embed: async () => [] };
    await expect(nearDuplicateFilter({ embedder }).accept([candidate('a', 1, 0)])).rejects.toThrow(
      ModelCallError,
    );
  });
});
