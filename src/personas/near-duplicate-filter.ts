import type { Embedder } from '../embeddings/embedder.ts';
import { cosine64, createSimilarityIndex, type SimilarityIndex } from '../embeddings/similarity.ts';
import { toUnitVector } from '../embeddings/unit-vector.ts';
import { ModelCallError } from '../errors.ts';
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
   * Embeds the batch once and goes through it in order. Each text is compared with everything accepted before it,
   * including earlier texts of the same batch. Returns one verdict per text.
   */
  accept(batch: readonly FilterEntry[], options?: AcceptOptions): Promise<FilterVerdict[]>;
}

/** This close to the threshold, a single-precision dot product is not accurate enough to decide. */
const UNDECIDED = 1e-5;

export function nearDuplicateFilter({
  embedder,
  threshold = thresholdsOf(embedder).profiles,
}: NearDuplicateFilterOptions): NearDuplicateFilter {
  checkNumber('similarityThreshold', threshold, { min: -1, max: 1 });
  // Vectors are single precision, so the comparison is too: a similarity of 0.6 stored as 0.60000002 is still 0.6.
  const limit32 = Math.fround(threshold);
  const ids: string[] = [];
  const index = createSimilarityIndex(embedder.dimensions);

  async function embed(
    batch: readonly FilterEntry[],
    signal: AbortSignal | undefined,
  ): Promise<Float32Array[]> {
    if (batch.length === 0) return [];
    const texts = batch.map(({ text }) => text);
    const vectors = await embedder.embed(texts, { signal });
    if (vectors.length !== texts.length) {
      throw new ModelCallError(embedder.id, `returned ${vectors.length} vectors for ${texts.length} texts.`, {
        retryable: false,
      });
    }
    // A vector containing NaN would never exceed the threshold and would be accepted silently.
    return vectors.map((vector) => toUnitVector(embedder.id, vector, embedder.dimensions));
  }

  function add(id: string, vector: Float32Array): void {
    index.add(vector);
    ids.push(id);
  }

  function judge(vector: Float32Array): FilterVerdict {
    let nearest = index.nearest(vector);
    if (nearest === null) return { accepted: true, nearest: null };
    if (Math.abs(nearest.similarity - threshold) < UNDECIDED) nearest = nearest64(index, vector);
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
      const vectors = await embed(batch, signal);
      for (const [position, { id }] of batch.entries()) add(id, vectors[position]!);
    },
    async accept(batch, { limit = Infinity, signal } = {}) {
      const vectors = await embed(batch, signal);
      const verdicts: FilterVerdict[] = [];
      let accepted = 0;
      for (const [position, { id }] of batch.entries()) {
        if (accepted >= limit) break;
        const verdict = judge(vectors[position]!);
        verdicts.push(verdict);
        if (!verdict.accepted) continue;
        add(id, vectors[position]!);
        accepted += 1;
      }
      return verdicts;
    },
  };
}

/** Compares with every stored vector, because several may lie within the undecided band. */
function nearest64(index: SimilarityIndex, vector: Float32Array): { index: number; similarity: number } {
  let best = { index: 0, similarity: -Infinity };
  for (let position = 0; position < index.size; position++) {
    const similarity = cosine64(index.at(position), vector);
    if (similarity > best.similarity) best = { index: position, similarity };
  }
  return best;
}
