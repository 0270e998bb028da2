import { type Random, seededRandom } from '../internal/seeded-random.ts';
import { type Clustering, countClusters, rowByRow } from './clusters.ts';
import { centralInterval, expandedTail, type Interval, studentizedTail } from './interval.ts';
import type { CheckedResampling } from './resampling-options.ts';
import { twoWayVariance } from './two-way-variance.ts';

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
 * If two clusterings cross, as profiles and personalities do, the deviations of both are added, scaled to the variance of
 * two-way clustering and expanded for its degrees of freedom ({@link twoWayVariance}). The pigeonhole bootstrap, which draws
 * both at once, is too wide: with 20 x 5 cases its coverage is mostly 98-100 %.
 */
export function bootstrap(setting: BootstrapSetting): IntervalOf {
  const { ways, seed, confidence, rows } = setting;
  const random = seededRandom(seed);
  const crossed = ways.length > 1;
  const parts = (crossed ? [...ways, rowByRow(rows)] : ways).map((way) => ({
    way,
    draws: drawFrom(way, setting, random),
  }));
  const observed = crossed ? setting.statistics(new Float64Array(rows).fill(1)) : [];
  const centres = Float64Array.from(observed);
  return (index, isBehind) => {
    const samples = parts.map(({ way, draws }) => ({
      clusters: countClusters(way, isBehind),
      draws: draws[index]!,
    }));
    const fewest = Math.min(...samples.map(({ clusters }) => clusters));
    if (fewest < FEWEST_CLUSTERS) return null;
    return crossed
      ? crossedInterval(samples, centres[index]!, confidence)
      : centralInterval(samples[0]!.draws, expandedTail(confidence, fewest));
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

/** One statistic over the resamples of one clustering. */
interface Sample {
  readonly draws: Float64Array;
  /** Number of clusters behind the statistic. */
  readonly clusters: number;
}

function crossedInterval(samples: readonly Sample[], centre: number, confidence: number): Interval | null {
  const [first, second, rows] = samples.map(({ draws, clusters }) => ({
    // Resampling n clusters understates their variance by (n - 1) / n.
    variance: (spread(draws, centre) * clusters) / (clusters - 1),
    clusters,
  }));
  const { variance, degrees } = twoWayVariance(first!, second!, rows!);
  const [one, two] = samples.map(({ draws }) => draws);
  const drawn = spread(one!, centre) + spread(two!, centre);
  // Without spread there is nothing to scale.
  const scale = drawn === 0 ? 0 : Math.sqrt(variance / drawn);
  const draws = one!.map((value, resample) => centre + scale * (value - centre + two![resample]! - centre));
  return centralInterval(draws, studentizedTail(confidence, degrees));
}

/** Mean squared deviation, NaN left out. */
function spread(values: Float64Array, centre: number): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + (value - centre) ** 2, 0) / known.length;
}
