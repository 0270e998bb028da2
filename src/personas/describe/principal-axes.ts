import { sum } from '../../metrics/sum.ts';

/** A projection to two dimensions. */
export interface Projection {
  /** One point per vector, in the same order. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Share of the variance that each axis shows, 0 to 1. */
  readonly explained: readonly [x: number, y: number];
}

/** Enough for axes whose variances differ by a tenth. */
const ROUNDS = 100;

/**
 * The two principal components of some vectors (PCA), by power iteration. The result is the same on every run; the sign of
 * each axis is such that its largest coordinate is positive.
 */
export function principalAxes(vectors: readonly ArrayLike<number>[]): Projection {
  const centred = centre(vectors);
  const variance = sum(centred.map((row) => dot(row, row)));
  const first = nextAxis(centred);
  const rest = centred.map((row, index) =>
    row.map((value, i) => value - first.along[index]! * first.axis[i]!),
  );
  const second = nextAxis(rest);
  const share = (along: readonly number[]) => (variance === 0 ? 0 : dot(along, along) / variance);
  return {
    points: first.along.map((x, index) => [x, second.along[index]!] as const),
    explained: [share(first.along), share(second.along)],
  };
}

function centre(vectors: readonly ArrayLike<number>[]): number[][] {
  const length = vectors[0]?.length ?? 0;
  const mean = Array.from({ length }, () => 0);
  for (const row of vectors) {
    for (let i = 0; i < length; i++) mean[i]! += row[i]! / vectors.length;
  }
  return vectors.map((row) => mean.map((value, i) => row[i]! - value));
}

/** The direction in which rows vary most, and where each row lies along it. */
function nextAxis(rows: readonly number[][]): { axis: readonly number[]; along: number[] } {
  // Rows that all vary in one direction have a part in it, so the longest of them is a start.
  let axis = unit(
    rows.reduce<readonly number[]>((most, row) => (dot(row, row) > dot(most, most) ? row : most), []),
  );
  for (let round = 0; round < ROUNDS && axis.length > 0; round++) {
    const along = rows.map((row) => dot(row, axis));
    const next = axis.map(() => 0);
    for (const [index, row] of rows.entries()) {
      for (let i = 0; i < row.length; i++) next[i]! += along[index]! * row[i]!;
    }
    axis = unit(next);
  }
  const along = rows.map((row) => dot(row, axis));
  const far = along.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return { axis, along: far < 0 ? along.map((value) => -value) : along };
}

function unit(vector: readonly number[]): readonly number[] {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0;
  for (let i = 0; i < b.length; i++) product += a[i]! * b[i]!;
  return product;
}
