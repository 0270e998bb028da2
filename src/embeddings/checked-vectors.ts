import { ModelCallError } from '../errors.ts';
import type { Embedder } from './embedder.ts';
import { toUnitVector } from './unit-vector.ts';

type EmbedderShape = Pick<Embedder, 'id' | 'dimensions'>;
type Vectors = readonly (Float32Array | readonly number[])[];

/**
 * The vectors that an embedder returned, as they are. A plain array of numbers counts as a vector.
 *
 * @param texts Number of texts that were sent.
 * @throws ModelCallError unless there is one usable vector per text.
 */
export function checkedVectors(embedder: EmbedderShape, texts: number, vectors: unknown): Float32Array[] {
  return oneEach(embedder, texts, vectors).map((vector) => {
    toUnitVector(embedder.id, vector, embedder.dimensions);
    return vector instanceof Float32Array ? vector : Float32Array.from(vector);
  });
}

/** The same, scaled to length 1. */
export function unitVectors(embedder: EmbedderShape, texts: number, vectors: unknown): Float32Array[] {
  return oneEach(embedder, texts, vectors).map((vector) =>
    toUnitVector(embedder.id, vector, embedder.dimensions),
  );
}

function oneEach({ id }: EmbedderShape, texts: number, vectors: unknown): Vectors {
  if (!Array.isArray(vectors) || vectors.length !== texts) {
    const returned = Array.isArray(vectors) ? `${vectors.length} vectors` : 'no list of vectors';
    throw new ModelCallError(id, `returned ${returned} for ${texts} texts.`, { retryable: false });
  }
  for (const [index, vector] of vectors.entries()) {
    if (vector instanceof Float32Array || Array.isArray(vector)) continue;
    throw new ModelCallError(id, `returned no vector for text ${index + 1} of ${texts}.`, {
      retryable: false,
      hint: 'embed() resolves to one Float32Array per text.',
    });
  }
  return vectors as Vectors;
}
