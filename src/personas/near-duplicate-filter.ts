import type { Embedder } from '../embeddings/embedder.ts';
import { cosine64, createSimilarityIndex, type SimilarityIndex } from '../embeddings/similarity.ts';
import { toUnitVector } from '../embeddings/unit-vector.ts';
import { ModelCallError } from '../errors.ts';
import { checkNumber } from '../internal/options.ts';

/** A text that wants to join, under the id by which later ones may name it as their nearest neighbour. */
export interface FilterCandidate {
  readonly id: string;
  readonly text: string;
}

/** What became of a candidate. The nearest neighbour is null for the very first one. */
export interface FilterVerdict {
  readonly accepted: boolean;
  readonly nearest: { readonly id: string; readonly similarity: number } | null;
}

export interface NearDuplicateFilterOptions {
  readonly embedder: Embedder;
  /** A candidate more similar than this to anything accepted is rejected; -1 to 1. Default 0.6, which is itself kept. */
  readonly threshold?: number | undefined;
}

export interface AcceptOptions {
  /** Ends after this many acceptances; what comes later gets no verdict. Default: no limit. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Keeps texts that differ from each other: the rule of the paper, a maximum cosine similarity of at most 0.6.
 * Calls follow one another: a second one is made when the first has ended.
 */
export interface NearDuplicateFilter {
  /** Number of accepted texts. */
  readonly size: number;
  /** Takes texts in without asking how similar they are. */
  keep(
    candidates: readonly FilterCandidate[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<void>;
  /**
   * Embeds the batch once and walks it in order; each candidate is compared with all accepted before it, those of
   * the same batch included. One verdict a candidate.
   */
  accept(candidates: readonly FilterCandidate[], options?: AcceptOptions): Promise<FilterVerdict[]>;
}

/** Below this distance from the threshold, a dot product of vectors in single precision does not decide. */
const UNDECIDED = 1e-5;

export function nearDuplicateFilter({
  embedder,
  threshold = 0.6,
}: NearDuplicateFilterOptions): NearDuplicateFilter {
  checkNumber('similarityThreshold', threshold, { min: -1, max: 1 });
  // Vectors are single precision, so the comparison is too: a similarity of 0.6 stored as 0.60000002 is still 0.6.
  const limit32 = Math.fround(threshold);
  const ids: string[] = [];
  const index = createSimilarityIndex(embedder.dimensions);

  async function embed(
    candidates: readonly FilterCandidate[],
    signal: AbortSignal | undefined,
  ): Promise<Float32Array[]> {
    if (candidates.length === 0) return [];
    const texts = candidates.map(({ text }) => text);
    const vectors = await embedder.embed(texts, { signal });
    if (vectors.length !== texts.length) {
      throw new ModelCallError(embedder.id, `${vectors.length} vectors for ${texts.length} texts.`, {
        retryable: false,
      });
    }
    // Checked, because a vector with NaN in it would be above no threshold and accepted without a sign.
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
    async keep(candidates, { signal } = {}) {
      const vectors = await embed(candidates, signal);
      for (const [position, { id }] of candidates.entries()) add(id, vectors[position]!);
    },
    async accept(candidates, { limit = Infinity, signal } = {}) {
      const vectors = await embed(candidates, signal);
      const verdicts: FilterVerdict[] = [];
      let accepted = 0;
      for (const [position, { id }] of candidates.entries()) {
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

/** Every stored vector, because several may lie within the undecided band. */
function nearest64(index: SimilarityIndex, vector: Float32Array): { index: number; similarity: number } {
  let best = { index: 0, similarity: -Infinity };
  for (let position = 0; position < index.size; position++) {
    const similarity = cosine64(index.at(position), vector);
    if (similarity > best.similarity) best = { index: position, similarity };
  }
  return best;
}
