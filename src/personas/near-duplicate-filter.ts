import { unitVectors } from '../embeddings/checked-vectors.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import { BLOCK, type BlockSearch, createSimilarityIndex } from '../embeddings/similarity-index.ts';
import { checkNumber } from '../internal/options.ts';
import { thresholdsOf } from './similarity-threshold.ts';

/** A text to test. Later verdicts refer to it by its id. */
export interface FilterEntry {
  readonly id: string;
  readonly text: string;
}

/** The decision on one text. `nearest` is null for the very first one. */
export interface FilterVerdict {
  readonly accepted: boolean;
  readonly nearest: { readonly id: string; readonly similarity: number } | null;
}

export interface NearDuplicateFilterOptions {
  readonly embedder: Embedder;
  /**
   * Cosine similarity above which a text is discarded, -1 to 1. Exactly the threshold is accepted. Default: the
   * embedder's for profiles, else 0.6.
   */
  readonly threshold?: number | undefined;
  /** Threads that compare, if there are many texts. Default: one per core, at most 4. */
  readonly threads?: number | undefined;
}

export interface AcceptOptions {
  /** Stop after accepting this many; later texts get no verdict. Default: no limit. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Accepts only texts that differ from each other. The paper requires a cosine similarity of at most 0.6.
 * Not reentrant: wait for one call to finish before making the next.
 */
export interface NearDuplicateFilter {
  /** Number of accepted texts. */
  readonly size: number;
  /** Adds texts without checking their similarity. */
  keep(batch: readonly FilterEntry[], options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Goes through the batch in order. Each text is embedded once and compared with everything accepted before it,
   * including earlier texts of the same batch. Returns one verdict per text.
   */
  accept(batch: readonly FilterEntry[], options?: AcceptOptions): Promise<FilterVerdict[]>;
}

/** Texts that are embedded at once, so that the vectors of a large batch need not all be in memory. */
const SLICE = 8_192;

/** This close to the threshold, a single-precision dot product is not accurate enough to decide. */
const UNDECIDED = 1e-5;

export function nearDuplicateFilter({
  embedder,
  threshold = thresholdsOf(embedder).profiles,
  threads,
}: NearDuplicateFilterOptions): NearDuplicateFilter {
  checkNumber('similarityThreshold', threshold, { min: -1, max: 1 });
  // Vectors are single precision, so the comparison is too: a similarity of 0.6 stored as 0.60000002 is still 0.6.
  const limit32 = Math.fround(threshold);
  const ids: string[] = [];
  const index = createSimilarityIndex(embedder.dimensions, { threads });

  async function embed(
    batch: readonly FilterEntry[],
    signal: AbortSignal | undefined,
  ): Promise<Float32Array[]> {
    const texts = batch.map(({ text }) => text);
    const vectors = await embedder.embed(texts, { signal });
    // A vector containing NaN would never exceed the threshold and would be accepted silently.
    return unitVectors(embedder, texts.length, vectors);
  }

  function judge(search: BlockSearch, row: number): FilterVerdict {
    let nearest = search.nearest(row);
    if (nearest === null) return { accepted: true, nearest: null };
    if (Math.abs(nearest.similarity - threshold) < UNDECIDED) nearest = search.nearest64(row)!;
    return {
      accepted: Math.fround(nearest.similarity) <= limit32,
      nearest: { id: ids[nearest.index]!, similarity: nearest.similarity },
    };
  }

  return {
    get size() {
      return ids.length;
    },
    async keep(batch, { signal } = {}) {
      for (const slice of slices(batch, SLICE)) {
        for (const vector of await embed(slice, signal)) index.add(vector);
        ids.push(...slice.map(({ id }) => id));
      }
    },
    async accept(batch, { limit = Infinity, signal } = {}) {
      const verdicts: FilterVerdict[] = [];
      let accepted = 0;
      for (const slice of slices(batch, SLICE)) {
        const vectors = await embed(slice, signal);
        for (let start = 0; start < slice.length; start += BLOCK) {
          signal?.throwIfAborted();
          const block = vectors.slice(start, start + BLOCK);
          const search = await index.search(block);
          for (const row of block.keys()) {
            if (accepted >= limit) return verdicts;
            const verdict = judge(search, row);
            verdicts.push(verdict);
            if (!verdict.accepted) continue;
            search.add(row);
            ids.push(slice[start + row]!.id);
            accepted += 1;
          }
        }
      }
      return verdicts;
    },
  };
}

function* slices<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
