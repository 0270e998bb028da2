import { seededRandom } from '../internal/seeded-random.ts';
import { checkScores } from './check-scores.ts';
import { centralInterval, type Interval } from './interval.ts';
import { checkResampling, type ResamplingOptions } from './resampling-options.ts';
import { rowStatistics } from './row-statistics.ts';

/** The range of rates expected with no improvement. Null if there is no rate. */
export interface NullBand {
  /** For IR, in points per turn. */
  readonly improvementRate: Interval | null;
  /** For N-IR with `extrema: 'all-turns'`. */
  readonly normalizedImprovementRate: Interval | null;
}

/**
 * The null band: the range of IR and N-IR expected if turns make no difference.
 *
 * The scores of each case are shuffled over its turns, `resamples` times. The band holds the central share `confidence`
 * of the resulting rates (95 % by default). Missing scores stay in place, so the band allows for cases that drop out
 * early.
 *
 * @param scores cases x turns, null where a score is missing, as for {@link alignmentLevels}.
 * @param options `seed` (0), `resamples` (10,000) and `confidence` (0.95).
 * @throws InvalidOptionError if `scores` is not a valid table (see {@link alignmentLevels}) or an option is out of range.
 *
 * @example
 * ```ts
 * const { improvementRate: band } = nullBand(scores); // { low: -0.017, high: 0.017 }
 * ```
 */
export function nullBand(
  scores: readonly (readonly (number | null)[])[],
  options: ResamplingOptions = {},
): NullBand {
  const turns = checkScores(scores);
  const { seed, resamples, confidence } = checkResampling('nullBand()', options);
  const random = seededRandom(seed);
  const cases = scores.map((row) => {
    const at = row.flatMap((score, turn) => (score === null ? [] : [turn]));
    return { at, values: Float64Array.from(at, (turn) => row[turn]!) };
  });
  const scored = Float64Array.from(
    { length: turns },
    (_, turn) => cases.filter(({ at }) => at.includes(turn)).length,
  );
  const levels = new Float64Array(turns);
  const slopes = new Float64Array(resamples);
  const normalizedSlopes = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    levels.fill(0);
    for (const { at, values } of cases) {
      // Fisher-Yates shuffle. Each score is added as soon as it has its place.
      for (let last = at.length - 1; last >= 0; last--) {
        const picked = Math.floor(random() * (last + 1));
        const value = values[picked]!;
        values[picked] = values[last]!;
        values[last] = value;
        levels[at[last]!]! += value;
      }
    }
    for (let turn = 0; turn < turns; turn++) levels[turn]! /= scored[turn]!;
    const { slope, normalizedSlope } = rowStatistics(levels);
    slopes[resample] = slope;
    normalizedSlopes[resample] = normalizedSlope;
  }
  const tail = (1 - confidence) / 2;
  return {
    improvementRate: centralInterval(slopes, tail),
    normalizedImprovementRate: centralInterval(normalizedSlopes, tail),
  };
}
