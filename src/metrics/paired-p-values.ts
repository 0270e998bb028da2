import { type Clustering, countClusters, rowByRow } from './clusters.ts';
import { type LinearEstimate, linearEstimates } from './linear-estimates.ts';
import type { CheckedResampling } from './resampling-options.ts';
import { signFlipPValues } from './sign-flips.ts';
import { studentTail } from './student.ts';
import { twoWayVariance } from './two-way-variance.ts';

// Two-sided p-values of five flipped clusters start at 2 / 2^5 = 0.06.
const FEWEST_FLIPPED = 6;
// As for intervals.
const FEWEST_CROSSED = 5;

/**
 * The p-value of each estimate of {@link linearEstimates}; null without a value or with too few clusters.
 *
 * One way to cluster: the signs of whole clusters are flipped. Two that cross: no flip of one leaves the other as it is,
 * and the larger of both p-values is still too small (Clark 1973, "The language-as-fixed-effect fallacy"; Raaijmakers et
 * al. 1999), so it is a t-test with the variance of two-way clustering.
 */
export function pairedPValues(
  rows: readonly (readonly (number | null)[])[],
  ways: readonly Clustering[],
  resampling: CheckedResampling,
): (number | null)[] {
  const turns = rows[0]!.length;
  const estimates = linearEstimates(rows);
  const isBehind = (index: number) => (row: number) =>
    index < turns ? rows[row]![index] !== null : rows[row]!.some((value) => value !== null);
  const clustersOf = (way: Clustering, index: number) => countClusters(way, isBehind(index));
  const [way, other] = ways;
  if (other !== undefined) {
    const parts = [way!, other, rowByRow(rows.length)];
    return estimates.map((estimate, index) => {
      const clusters = parts.map((part) => clustersOf(part, index));
      if (estimate === null || Math.min(...clusters) < FEWEST_CROSSED) return null;
      return crossedPValue(estimate, parts, clusters, 1 / (1 + resampling.resamples));
    });
  }
  const known = estimates.flatMap((estimate, index) =>
    estimate !== null && clustersOf(way!, index) >= FEWEST_FLIPPED ? [{ estimate, index }] : [],
  );
  const pValues: (number | null)[] = estimates.map(() => null);
  if (known.length === 0) return pValues;
  const sums = known.map(({ estimate }) => sumsOf(way!, estimate.terms));
  for (const [place, pValue] of signFlipPValues(sums, resampling).entries()) {
    pValues[known[place]!.index] = pValue;
  }
  return pValues;
}

function crossedPValue(
  { terms, deviations }: LinearEstimate,
  parts: readonly Clustering[],
  clusters: readonly number[],
  least: number,
): number {
  const [first, second, rows] = parts.map((part, place) => {
    const squares = sumsOf(part, deviations).reduce((sum, deviation) => sum + deviation ** 2, 0);
    const count = clusters[place]!;
    return { variance: (squares * count) / (count - 1), clusters: count };
  });
  const { variance, degrees } = twoWayVariance(first!, second!, rows!);
  const estimate = Math.abs(terms.reduce((sum, term) => sum + term, 0));
  const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
  if (estimate <= 1e-12 * size) return 1;
  return Math.max(least, 2 * studentTail(estimate / Math.sqrt(variance), degrees));
}

/** The sum of the terms of each cluster. */
function sumsOf({ size, clusters }: Clustering, terms: Float64Array): Float64Array {
  const sums = new Float64Array(size);
  for (const [row, cluster] of clusters.entries()) sums[cluster]! += terms[row]!;
  return sums;
}
