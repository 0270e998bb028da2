import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Embedder } from '../../src/embeddings/embedder.ts';
import { cosine64 } from '../../src/embeddings/similarity.ts';
import { InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import { nearDuplicateFilter } from '../../src/personas/near-duplicate-filter.ts';

/** Reads each text as its vector, in JSON. Records each batch. */
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

const entry = (id: string, ...vector: number[]) => ({ id, text: JSON.stringify(vector) });

/** A naive implementation: every pair, in double precision. */
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
  it('accepts a text at the threshold and discards one above it', async () => {
    const filter = nearDuplicateFilter({ embedder: spellingEmbedder(2) });
    const verdicts = await filter.accept([
      entry('a', 1, 0),
      entry('at', 0.6, 0.8),
      entry('above', 0.6001, -Math.sqrt(1 - 0.6001 ** 2)),
    ]);
    expect(verdicts.map(({ accepted }) => accepted)).toEqual([true, true, false]);
    expect(verdicts[2]!.nearest!.id).toBe('a');
    expect(verdicts[2]!.nearest!.similarity).toBeCloseTo(0.6001, 6);
  });

  it('decides in double precision near the threshold', async () => {
    // The cosine is 0.6 to the last digit. Rounded to single precision the vectors are a little too long, and their
    // product is 0.60000005, which is above 0.6 in single precision too.
    const filter = nearDuplicateFilter({ embedder: spellingEmbedder(2) });
    const [, verdict] = await filter.accept([entry('a', 7, 18), entry('at', -51, 82)]);
    expect(verdict).toMatchObject({ accepted: true, nearest: { id: 'a' } });
  });

  it('finds the nearest of all near the threshold, and the earliest of equals', async () => {
    const just = 0.600005;
    const above = entry('above', just, -Math.sqrt(1 - just ** 2));
    const filter = nearDuplicateFilter({ embedder: spellingEmbedder(2) });
    await filter.keep([entry('far', -1, 0), entry('a', 1, 0), entry('same', 1, 0), entry('side', 0, 1)]);
    const [verdict] = await filter.accept([above]);
    expect(verdict).toMatchObject({ accepted: false, nearest: { id: 'a' } });
    expect(verdict!.nearest!.similarity).toBeCloseTo(just, 7);
  });

  it('compares with earlier texts of the same batch and names the nearest of all', async () => {
    const filter = nearDuplicateFilter({ embedder: spellingEmbedder(2) });
    await filter.keep([entry('seed', 1, 0)]);
    const verdicts = await filter.accept([entry('b', 0, 1), entry('c', 0.1, Math.sqrt(0.99))]);
    expect(verdicts[0]).toEqual({ accepted: true, nearest: { id: 'seed', similarity: 0 } });
    expect(verdicts[1]).toMatchObject({ accepted: false, nearest: { id: 'b' } });
    expect(filter.size).toBe(2);
  });

  it('embeds each batch once', async () => {
    const embedder = spellingEmbedder(2);
    const filter = nearDuplicateFilter({ embedder });
    await filter.accept([entry('a', 1, 0), entry('b', 0, 1)]);
    await filter.accept([]);
    await filter.accept([entry('c', -1, 0)]);
    expect(embedder.batches).toEqual([['[1,0]', '[0,1]'], ['[-1,0]']]);
  });

  it('gives no verdict after the limit', async () => {
    const filter = nearDuplicateFilter({ embedder: spellingEmbedder(2) });
    const batch = [entry('a', 1, 0), entry('a2', 1, 0), entry('b', 0, 1), entry('c', -1, 0)];
    const verdicts = await filter.accept(batch, { limit: 2 });
    expect(verdicts.map(({ accepted }) => accepted)).toEqual([true, false, true]);
    expect(filter.size).toBe(2);
  });

  it('agrees with a double-precision search over all pairs, for any batch sizes', async () => {
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
            const verdicts = await filter.accept(batch.map((row, i) => entry(`${start + i}`, ...row)));
            kept.push(...verdicts.flatMap(({ accepted }, i) => (accepted ? [start + i] : [])));
            start += batch.length;
          }
          expect(kept).toEqual(keptByReference(rows, threshold));
        },
      ),
    );
  });

  it('rejects a threshold outside -1 to 1', () => {
    const create = () => nearDuplicateFilter({ embedder: spellingEmbedder(2), threshold: 1.1 });
    expect(create).toThrow(InvalidOptionError);
    expect(create).toThrow('Option "similarityThreshold"');
  });

  it("passes the caller's signal to the embedder", async () => {
    const signals: unknown[] = [];
    const embedder: Embedder = {
      ...spellingEmbedder(2),
      async embed(texts, options) {
        signals.push(options?.signal);
        return texts.map(() => Float32Array.of(1, 0));
      },
    };
    const { signal } = new AbortController();
    const filter = nearDuplicateFilter({ embedder });
    await filter.keep([entry('a', 1, 0)], { signal });
    await filter.accept([entry('b', 1, 0)], { signal });
    expect(signals).toEqual([signal, signal]);
  });

  it.each([
    ['not a number', [Number.NaN, 1]],
    ['too long', [1, 0, 0]],
    ['all zero', [0, 0]],
  ])('rejects a vector that is %s', async (_name, vector) => {
    const embedder: Embedder = {
      id: 'broken',
      dimensions: 2,
      embed: async () => [Float32Array.from(vector)],
    };
    await expect(nearDuplicateFilter({ embedder }).accept([entry('a', 1, 0)])).rejects.toThrow(
      ModelCallError,
    );
  });

  it('rejects an embedder that returns too few vectors', async () => {
    const embedder: Embedder = { id: 'lossy', dimensions: 2, embed: async () => [] };
    const accepting = nearDuplicateFilter({ embedder }).accept([entry('a', 1, 0)]);
    await expect(accepting).rejects.toThrow(ModelCallError);
    await expect(accepting).rejects.toMatchObject({
      message: expect.stringContaining('returned 0 vectors for 1 texts.'),
      retryable: false,
    });
  });
});
