import type { ModelServer } from '../models/chat-model.ts';

/** The greatest cosine similarity of two entries that both stay in a pool: one for both kinds, or one for each. */
export type SimilarityThreshold = number | { readonly profiles: number; readonly personalities: number };

/** An embedding model. Its vectors have unit length, so that a dot product is a cosine. */
export interface Embedder {
  /** Names everything a vector depends on, such as weights and precision. Vectors of different ids are never compared. */
  readonly id: string;
  /** Length of every vector. */
  readonly dimensions: number;
  /**
   * Set if the id is the name of a served model without a revision. A run that has vectors under this name then refuses the
   * embedder if it may have other weights by now. Default: the id alone says which embedder it is.
   */
  readonly server?: ModelServer | undefined;
  /**
   * Cosine similarity above which two descriptions of a person are near-duplicates with this embedder, -1 to 1: one for
   * all, or one for profiles and one for personalities. The default of `PersonaPool.grow`. Default 0.6, as in the paper.
   */
  readonly similarityThreshold?: SimilarityThreshold | undefined;
  /**
   * One unit-length vector per text, in the same order. An empty list gives an empty list. A vector depends only on its
   * own text, not on the others in the call.
   */
  embed(
    texts: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Float32Array[]>;
}
