/** Writes the weighted mean of each column into `means`, given one weight per row; NaN for a column without weight. */
export type WeightedMeans = (weights: Float64Array, means: Float64Array) => void;

/**
 * Prepares weighted column means of `rows` (rows x columns), fast enough for ten thousand resamples. A weight is how
 * often a row was drawn; a negative weight flips the signs of the row. A missing number (null) has no weight.
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
