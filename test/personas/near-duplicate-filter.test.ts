import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Embedder } from '../../src/embeddings/embedder.ts';
import { cosine64 } from '../../src/embeddings/similarity.ts';
import { InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import { type FilterVerdict, nearDuplicateFilter } from '../../src/personas/near-duplicate-filter.ts';
import { clustered, nearCosine, scattered, tied } from '../embeddings/random-vectors.ts';

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

/** The kept positions and all verdicts of a filter that gets the vectors in batches of this size. */
async function filterInBatches(vectors: readonly Float32Array[], threshold: number, size: number) {
  const filter = nearDuplicateFilter({
    embedder: {
      id: 'numbered',
      dimensions: vectors[0]!.length,
      embed: async (texts) => texts.map((text) => vectors[Number(text)]!),
    },
    threshold,
  });
  const entries = vectors.map((_, index) => ({ id: `${index}`, text: `${index}` }));
  const verdicts: FilterVerdict[] = [];
  for (let start = 0; start < entries.length; start += size) {
    verdicts.push(...(await filter.accept(entries.slice(start, start + size))));
  }
  return { verdicts, kept: verdicts.flatMap(({ accepted }, index) => (accepted ? [index] : [])) };
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

  it.each([
    ['scattered', 0.6, (seed: number) => scattered({ seed, count: 1_000, dimensions: 20 })],
    ['clustered', 0.6, (seed: number) => clustered({ seed, count: 1_000, dimensions: 32 })],
    ['tied', 0.5, (seed: number) => tied({ seed, count: 1_000, dimensions: 30 })],
    ['tied', 0.8, (seed: number) => tied({ seed, count: 1_000, dimensions: 10 })],
    ['just above and below', 0.6, (seed: number) => nearCosine(0.6, { seed, count: 1_000, dimensions: 48 })],
  ])('decides on many as on one at a time, and as double precision: %s, %f', async (_name, threshold, of) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const vectors = of(seed);
        const together = await filterInBatches(vectors, threshold, vectors.length);
        // So many that blocks were compared in native code.
        expect(together.kept.length).toBeGreaterThan(300);
        expect(together.kept).toEqual(
          keptByReference(
            vectors.map((vector) => [...vector]),
            threshold,
          ),
        );
        expect(together).toEqual(await filterInBatches(vectors, threshold, 1));
        expect(together).toEqual(await filterInBatches(vectors, threshold, 300));
      }),
      { numRuns: 2 },
    );
  });

  it('embeds a very large batch in slices, and stops at the limit', async () => {
    const sizes: number[] = [];
    const embedder: Embedder = {
      id: 'two directions',
      dimensions: 2,
      async embed(texts) {
        sizes.push(texts.length);
        return texts.map((text) => (text === 'a' ? Float32Array.of(1, 0) : Float32Array.of(0, 1)));
      },
    };
    const batch = Array.from({ length: 20_000 }, (_, index) => ({
      id: `${index}`,
      text: index < 10_000 ? 'a' : 'b',
    }));
    const filter = nearDuplicateFilter({ embedder });
    const verdicts = await filter.accept(batch, { limit: 2 });
    expect(sizes).toEqual([8_192, 8_192]);
    expect(verdicts).toHaveLength(10_001);
    expect(verdicts.at(-1)).toEqual({ accepted: true, nearest: { id: '0', similarity: 0 } });
    await filter.keep(batch);
    expect(sizes.slice(2)).toEqual([8_192, 8_192, 3_616]);
    expect(filter.size).toBe(20_002);
    expect(await filter.accept([{ id: 'more', text: 'b' }])).toEqual([
      { accepted: false, nearest: { id: '10000', similarity: 1 } },
    ]);
  });

  it('stops between two blocks when it is aborted', async () => {
    const abort = new AbortController();
    const embedder: Embedder = {
      id: 'aborting',
      dimensions: 2,
      async embed(texts) {
        abort.abort(new Error('enough'));
        return texts.map(() => Float32Array.of(1, 0));
      },
    };
    const filter = nearDuplicateFilter({ embedder });
    await expect(filter.accept([entry('a', 1, 0)], { signal: abort.signal })).rejects.toThrow('enough');
    expect(filter.size).toBe(0);
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
