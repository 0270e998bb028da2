/** One estimate of a table of differences: a sum with one term per row. */
export interface LinearEstimate {
  /** The term of each row; 0 for a row that is not behind the estimate. */
  readonly terms: Float64Array;
  /** The same terms, with the mean of each turn taken off the differences. They show how far rows vary. */
  readonly deviations: Float64Array;
}

/**
 * AL(k) at each turn, the average and IR of a table of differences (rows x turns), each as a sum over rows. Null for an
 * estimate without a value. Flipping the signs of rows flips the signs of terms.
 */
export function linearEstimates(rows: readonly (readonly (number | null)[])[]): (LinearEstimate | null)[] {
  const turns = rows[0]!.map((_, turn) => turn);
  const counts = turns.map((turn) => rows.filter((row) => row[turn] !== null).length);
  const means = turns.map((turn) => rows.reduce((sum, row) => sum + (row[turn] ?? 0), 0) / counts[turn]!);
  const estimateOf = (weights: readonly number[]): LinearEstimate | null => {
    if (weights.some(Number.isNaN) || weights.every((weight) => weight === 0)) return null;
    const sumOf = (from: readonly number[]) =>
      Float64Array.from(rows, (row) =>
        row.reduce<number>(
          (sum, value, turn) =>
            value === null ? sum : sum + (weights[turn]! / counts[turn]!) * (value - from[turn]!),
          0,
        ),
      );
    return { terms: sumOf(turns.map(() => 0)), deviations: sumOf(means) };
  };
  const present = turns.filter((turn) => counts[turn]! > 0);
  const centre = present.reduce((sum, turn) => sum + turn, 0) / present.length;
  const squares = present.reduce((sum, turn) => sum + (turn - centre) ** 2, 0);
  const onPresent = (weight: (turn: number) => number) =>
    turns.map((turn) => (counts[turn]! > 0 ? weight(turn) : 0));
  return [
    ...turns.map((own) => estimateOf(onPresent((turn) => (turn === own ? 1 : 0)))),
    estimateOf(onPresent(() => 1 / present.length)),
    estimateOf(onPresent((turn) => (turn - centre) / squares)),
  ];
}
