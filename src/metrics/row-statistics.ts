import { isFlat } from './is-flat.ts';

/** The statistics of one row of levels; NaN for a statistic without a value. */
export interface RowStatistics {
  /** Mean of the levels. */
  readonly average: number;
  /** IR. */
  readonly slope: number;
  /** N-IR with `extrema: 'all-turns'`. */
  readonly normalizedSlope: number;
}

/**
 * `averageLevel`, `improvementRate` and `normalizedImprovementRate` in one, fast enough for ten thousand resamples: no
 * checks, no allocation per turn, NaN for a turn without a level.
 */
export function rowStatistics(levels: Float64Array): RowStatistics {
  let count = 0;
  let sumTurn = 0;
  let sumLevel = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let turn = 0; turn < levels.length; turn++) {
    const level = levels[turn]!;
    if (Number.isNaN(level)) continue;
    count += 1;
    sumTurn += turn;
    sumLevel += level;
    if (level < low) low = level;
    if (level > high) high = level;
  }
  const average = sumLevel / count;
  const meanTurn = sumTurn / count;
  let products = 0;
  let squares = 0;
  for (let turn = 0; turn < levels.length; turn++) {
    const level = levels[turn]!;
    if (Number.isNaN(level)) continue;
    products += (turn - meanTurn) * (level - average);
    squares += (turn - meanTurn) ** 2;
  }
  if (isFlat(low, high)) return { average, slope: count < 2 ? Number.NaN : 0, normalizedSlope: Number.NaN };
  const slope = products / squares;
  return { average, slope, normalizedSlope: slope / (high - low) };
}
