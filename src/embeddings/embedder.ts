/** An embedding model. Its vectors have unit length, so that a dot product is a cosine. */
export interface Embedder {
  /** Names everything a vector depends on, such as weights and precision. Vectors of different ids are never compared. */
  readonly id: string;
  /** Length of every vector. */
  readonly dimensions: number;
  /**
   * One unit-length vector per text, in the same order. An empty list gives an empty list. A vector depends only on its
   * own text, not on the others in the call.
   */
  embed(
    texts: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Float32Array[]>;
}
