import { bootstrap } from '../metrics/bootstrap.ts';
import { clusterings } from '../metrics/clusters.ts';
import { type KappaWeights, kappaOfCounts } from '../metrics/cohens-kappa.ts';
import type { Interval } from '../metrics/interval.ts';
import type { CheckedResampling } from '../metrics/resampling-options.ts';
import type { RatingKeyItem } from './rating-key.ts';
import { RATING_SCALE } from './ratings.ts';

/** Cohen's kappa and its confidence interval. Both are null if both raters gave every item the same rating, or share no items. */
export interface KappaEstimate {
  /** 1 for full agreement, 0 for agreement as expected by chance, negative below that. */
  readonly kappa: number | null;
  /** Bootstrap interval over cases; also null with fewer than five cases. */
  readonly interval: Interval | null;
}

/** Agreement between two raters, one of whom may be the judge. */
export interface PairAgreement {
  /** Name of the first rater, or the judge's id. */
  readonly first: string;
  /** Name of the second rater. */
  readonly second: string;
  /** Number of items rated by both: the n of all numbers below. */
  readonly rated: number;
  /** Number of items on the sheet. */
  readonly asked: number;
  /** Share of items with the same rating from both, 0 to 1; null if `rated` is 0. */
  readonly sameRating: number | null;
  /** Kappa by weighting of disagreements, over the whole scale 1-5. */
  readonly kappa: Readonly<Record<KappaWeights, KappaEstimate>>;
  /** 5 x 5 counts: `confusion[i][j]` is the number of items rated i + 1 by the first and j + 1 by the second. */
  readonly confusion: readonly (readonly number[])[];
}

/** A rater and their whole-number ratings by item id. */
export interface Rater {
  readonly name: string;
  readonly ratings: ReadonlyMap<string, number>;
}

const WEIGHTS: readonly KappaWeights[] = ['none', 'linear', 'quadratic'];

interface Pair {
  readonly caseId: string;
  readonly first: number;
  readonly second: number;
}

/**
 * Compares two raters. Intervals are bootstrapped over cases: all responses to one user are resampled together, because
 * they are not independent.
 */
export function pairAgreement(
  items: readonly RatingKeyItem[],
  first: Rater,
  second: Rater,
  resampling: CheckedResampling,
): PairAgreement {
  const pairs = items.flatMap(({ id, caseId }): Pair[] => {
    const [a, b] = [first.ratings.get(id), second.ratings.get(id)];
    return a === undefined || b === undefined ? [] : [{ caseId, first: a, second: b }];
  });
  const confusion = countPairs(pairs, () => 1);
  const intervalOf =
    pairs.length === 0
      ? () => null
      : bootstrap({
          ...resampling,
          rows: pairs.length,
          ways: clusterings(pairs.length, { cases: pairs.map(({ caseId }) => caseId) }),
          statistics(weights) {
            const counts = countPairs(pairs, (index) => weights[index]!);
            return WEIGHTS.map((each) => kappaOfCounts(counts, each) ?? Number.NaN);
          },
        });
  const estimate = (weights: KappaWeights): KappaEstimate => ({
    kappa: kappaOfCounts(confusion, weights),
    interval: intervalOf(WEIGHTS.indexOf(weights), () => true),
  });
  return {
    first: first.name,
    second: second.name,
    rated: pairs.length,
    asked: items.length,
    sameRating:
      pairs.length === 0 ? null : pairs.filter((pair) => pair.first === pair.second).length / pairs.length,
    kappa: { none: estimate('none'), linear: estimate('linear'), quadratic: estimate('quadratic') },
    confusion,
  };
}

function countPairs(pairs: readonly Pair[], weightOf: (index: number) => number): number[][] {
  const counts = RATING_SCALE.map(() => RATING_SCALE.map(() => 0));
  for (const [index, { first, second }] of pairs.entries()) {
    counts[first - 1]![second - 1]! += weightOf(index);
  }
  return counts;
}
