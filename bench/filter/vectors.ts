import { cosine64 } from '../../src/embeddings/similarity.ts';
import { toUnitVector } from '../../src/embeddings/unit-vector.ts';
import { seededRandom } from '../../src/internal/seeded-random.ts';

/** Unit vectors, one after the other: each is near one of 0.6 times as many centres, so that some 15 % are near-duplicates. */
export function clusteredVectors(count: number, dimensions: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(1);
  const bell = () => random() + random() + random() + random() - 2;
  const centres = Float32Array.from({ length: Math.ceil(0.6 * count) * dimensions }, bell);
  const all = new Float32Array(count * dimensions);
  for (let index = 0; index < count; index++) {
    const centre = Math.floor(random() * Math.ceil(0.6 * count)) * dimensions;
    const width = 0.2 + 0.9 * random();
    const vector = Float32Array.from({ length: dimensions }, (_, i) => centres[centre + i]! + width * bell());
    all.set(toUnitVector('clustered', vector, dimensions), index * dimensions);
  }
  return all;
}

/** Which of the first vectors are kept, by all pairs in double precision. */
export function keptByAllPairs(
  all: Float32Array,
  count: number,
  dimensions: number,
  threshold: number,
): number[] {
  const at = (index: number) => all.subarray(index * dimensions, (index + 1) * dimensions);
  const kept: number[] = [];
  for (let index = 0; index < count; index++) {
    const isNear = (other: number) => Math.fround(cosine64(at(other), at(index))) > Math.fround(threshold);
    if (!kept.some(isNear)) kept.push(index);
  }
  return kept;
}
