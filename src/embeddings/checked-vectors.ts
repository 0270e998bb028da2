import { ModelCallError } from '../errors.ts';
import type { Embedder } from './embedder.ts';
import { toUnitVector } from './unit-vector.ts';

/**
 * The vectors that an embedder returned, as they are. A plain array of numbers counts as a vector.
 *
 * @param texts Number of texts that were sent.
 * @throws ModelCallError unless there is one usable vector per text.
 */
export function checkedVectors(
  { id, dimensions }: Pick<Embedder, 'id' | 'dimensions'>,
  texts: number,
  vectors: unknown,
): Float32Array[] {
  if (!Array.isArray(vectors) || vectors.length !== texts) {
    const returned = Array.isArray(vectors) ? `${vectors.length} vectors` : 'no list of vectors';
    throw new ModelCallError(id, `returned ${returned} for ${texts} texts.`, { retryable: false });
  }
  return vectors.map((vector: unknown, index) => {
    if (!(vector instanceof Float32Array || Array.isArray(vector))) {
      throw new ModelCallError(id, `returned no vector for text ${index + 1} of ${texts}.`, {
        retryable: false,
        hint: 'embed() resolves to one Float32Array per text.',
      });
    }
    toUnitVector(id, vector, dimensions);
    return vector instanceof Float32Array ? vector : Float32Array.from(vector);
  });
}
