import { seededRandom } from '../internal/seeded-random.ts';
import { checkScores } from './check-scores.ts';
import { centralInterval, type Interval } from './interval.ts';
import { checkResampling, type ResamplingOptions } from './resampling-options.ts';
import { rowStatistics } from './row-statistics.ts';

/** Where the rates of a model without any improvement lie. Null where there is no rate to be had. */
export interface NullBand {
  /** For IR. */
  readonly improvementRate: Interval | null;
  /** For N-IR over the extrema of all turns. */
  readonly normalizedImprovementRate: Interval | null;
}

/**
 * The band that IR and N-IR keep to when turns make no difference: the scores of each case are put in random order again
 * and again, and the middle of the rates that come out (95 % of them at the default confidence) is the band. Missing
 * scores stay where they are, so that a band moves along when cases of another kind drop out early.
 *
 * @throws InvalidOptionError for scores as `alignmentLevels` refuses them, and for options out of range.
 */
export function nullBand(
  scores: readonly (readonly (number | null)[])[],
  options: ResamplingOptions = {},
): NullBand {
  const turns = checkScores(scores);
  const { seed, resamples, confidence } = checkResampling(options);
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
      // Fisher and Yates' shuffle, each score added as soon as it has its place.
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
