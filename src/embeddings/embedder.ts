/**
 * The contract of an embedding model. Vectors have unit length, so that a dot product is a cosine.
 * `id` names the weights and their precision: vectors of different ids are never compared.
 */
export interface Embedder {
  readonly id: string;
  /** Length of every vector. */
  readonly dimensions: number;
  /** One unit-length vector a text, in the order given. An empty list gives an empty list. */
  embed(
    texts: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Float32Array[]>;
}
