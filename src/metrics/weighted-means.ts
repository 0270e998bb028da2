/** Puts the means of all columns under a weight a row into `means`; NaN where no weight stands behind a column. */
export type WeightedMeans = (weights: Float64Array, means: Float64Array) => void;

/**
 * The means of the columns of `rows` under ever new weights, for loops of ten thousand. A weight is how often a row was
 * drawn; below 0 the row counts with its signs turned. A missing number, null, weighs nothing.
 */
export function weightedMeans(rows: readonly (readonly (number | null)[])[]): WeightedMeans {
  const columns = rows[0]!.length;
  const values = Float64Array.from(rows.flatMap((row) => row.map((value) => value ?? 0)));
  const present = Float64Array.from(rows.flatMap((row) => row.map((value) => (value === null ? 0 : 1))));
  const total = new Float64Array(columns);
  return (weights, means) => {
    means.fill(0);
    total.fill(0);
    for (let row = 0; row < weights.length; row++) {
      const weight = weights[row]!;
      if (weight === 0) continue;
      const size = Math.abs(weight);
      const start = row * columns;
      for (let column = 0; column < columns; column++) {
        means[column]! += weight * values[start + column]!;
        total[column]! += size * present[start + column]!;
      }
    }
    for (let column = 0; column < columns; column++) means[column]! /= total[column]!;
  };
}
