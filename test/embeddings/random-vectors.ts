import { toUnitVector } from '../../src/embeddings/unit-vector.ts';
import { seededRandom } from '../../src/internal/seeded-random.ts';

export interface RandomVectorsOptions {
  readonly seed: number;
  readonly count: number;
  readonly dimensions: number;
}

type Vectors = Float32Array[];

/** A source of numbers from -1 to 1, most of them small. */
function numbers(seed: number): () => number {
  const random = seededRandom(seed);
  return () => (random() + random() + random()) / 1.5 - 1;
}

const unit = (values: readonly number[]) => toUnitVector('random', values, values.length);

/** In all directions. */
export function scattered({ seed, count, dimensions }: RandomVectorsOptions): Vectors {
  const next = numbers(seed);
  return Array.from({ length: count }, () => unit(Array.from({ length: dimensions }, next)));
}

/** Around a tenth as many centres, some close and some far, as generated personas are. */
export function clustered({ seed, count, dimensions }: RandomVectorsOptions): Vectors {
  const centres = scattered({ seed, count: Math.ceil(count / 10), dimensions });
  const random = seededRandom(seed + 1);
  const next = numbers(seed + 2);
  return Array.from({ length: count }, () => {
    const centre = centres[Math.floor(random() * centres.length)]!;
    const width = random();
    return unit([...centre].map((value) => value + width * next()));
  });
}

/** Of small whole numbers: many are equal, and many pairs have the same cosine. */
export function tied({ seed, count, dimensions }: RandomVectorsOptions): Vectors {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const values = Array.from({ length: dimensions }, () => Math.floor(random() * 3) - 1);
    return unit(values.some((value) => value !== 0) ? values : values.map((_, i) => Number(i === 0)));
  });
}

/** Pairs whose cosine is within a millionth of `cosine`, most of them nearer than single precision can tell. */
export function nearCosine(cosine: number, options: RandomVectorsOptions): Vectors {
  const random = seededRandom(options.seed + 1);
  const next = numbers(options.seed + 2);
  return scattered({ ...options, count: Math.ceil(options.count / 2) }).flatMap((first) => {
    const other = [...first].map(next);
    const along = other.reduce((sum, value, i) => sum + value * first[i]!, 0);
    const across = unit(other.map((value, i) => value - along * first[i]!));
    const wanted = cosine + (random() - 0.5) * 10 ** (-6 - 3 * random());
    const rest = Math.sqrt(1 - wanted ** 2);
    return [first, unit([...first].map((value, i) => wanted * value + rest * across[i]!))];
  });
}
