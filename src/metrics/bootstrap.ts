import { type Random, seededRandom } from '../internal/seeded-random.ts';
import { type Clustering, countClusters, rowByRow } from './clusters.ts';
import { centralInterval, expandedTail, type Interval } from './interval.ts';
import type { CheckedResampling } from './resampling-options.ts';

/** What {@link bootstrap} resamples, and the statistics it computes. */
export interface BootstrapSetting extends CheckedResampling {
  /** Number of rows. */
  readonly rows: number;
  /** One way to cluster the rows, or two that cross. */
  readonly ways: readonly Clustering[];
  /**
   * The statistics of a resample that holds each row `weight` times; NaN for a statistic without a value. The returned
   * array may be overwritten by the next call.
   */
  statistics(weights: Float64Array): ArrayLike<number>;
}

// Even the full range of four clusters misses the median of their population in 12 of 100 studies.
const FEWEST_CLUSTERS = 5;

/** The interval of statistic `index`, which rests on the rows that pass the test; null with fewer than five clusters. */
export type IntervalOf = (index: number, isBehind: (row: number) => boolean) => Interval | null;

/**
 * A cluster bootstrap: draws clusters with replacement and returns percentile intervals, expanded for the number of
 * clusters ({@link expandedTail}).
 *
 * If two clusterings cross, as profiles and personalities do, the deviations of both are added and scaled to the variance
 * of two-way clustering, V1 + V2 - V(rows): Cameron, Gelbach and Miller 2011, "Robust Inference With Multiway Clustering".
 * The pigeonhole bootstrap, which draws both at once, is too wide: with 20 x 5 cases its coverage is mostly 98-100 %.
 */
export function bootstrap(setting: BootstrapSetting): IntervalOf {
  const { ways, seed, confidence, rows } = setting;
  const random = seededRandom(seed);
  const [first, second] = ways.map((way) => drawFrom(way, setting, random));
  const draws =
    second === undefined
      ? first!
      : crossDraws(setting, first!, second, drawFrom(rowByRow(rows), setting, random));
  return (index, isBehind) => {
    const clusters = Math.min(...ways.map((way) => countClusters(way, isBehind)));
    return clusters < FEWEST_CLUSTERS
      ? null
      : centralInterval(draws[index]!, expandedTail(confidence, clusters));
  };
}

/** The values of each statistic over all resamples. */
type Draws = readonly Float64Array[];

function drawFrom({ size, clusters }: Clustering, setting: BootstrapSetting, random: Random): Draws {
  const { rows, resamples, statistics } = setting;
  const counts = new Float64Array(size);
  const weights = new Float64Array(rows);
  let draws: Float64Array[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let drawn = 0; drawn < size; drawn++) counts[Math.floor(random() * size)]! += 1;
    for (let row = 0; row < rows; row++) weights[row] = counts[clusters[row]!]!;
    const values = statistics(weights);
    if (resample === 0) draws = Array.from(values, () => new Float64Array(resamples));
    for (let index = 0; index < values.length; index++) draws[index]![resample] = values[index]!;
  }
  return draws;
}

function crossDraws(setting: BootstrapSetting, first: Draws, second: Draws, byRow: Draws): Draws {
  const observed = Float64Array.from(setting.statistics(new Float64Array(setting.rows).fill(1)));
  return first.map((draws, index) => {
    const centre = observed[index]!;
    const [one, two, both] = [draws, second[index]!, byRow[index]!].map((values) =>
      spread(values, centre),
    ) as [number, number, number];
    // Without spread there is nothing to scale.
    const scale = one + two === 0 ? 0 : Math.sqrt(Math.max(one, two, one + two - both) / (one + two));
    return draws.map(
      (value, resample) => centre + scale * (value - centre + second[index]![resample]! - centre),
    );
  });
}

/** Mean squared deviation, NaN left out. */
function spread(values: Float64Array, centre: number): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + (value - centre) ** 2, 0) / known.length;
}
