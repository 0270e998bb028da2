import { bootstrap } from '../metrics/bootstrap.ts';
import { clusterings } from '../metrics/clusters.ts';
import { type KappaWeights, kappaOfCounts } from '../metrics/cohens-kappa.ts';
import type { Interval } from '../metrics/interval.ts';
import type { CheckedResampling } from '../metrics/resampling-options.ts';
import type { RatingKeyItem } from './rating-key.ts';
import { RATING_SCALE } from './ratings.ts';

/** Cohen's kappa with its interval. Null where both raters used one and the same rating, or nothing was rated by both. */
export interface KappaEstimate {
  readonly kappa: number | null;
  readonly interval: Interval | null;
}

/** How far two raters agree, of whom one may be the judge. */
export interface PairAgreement {
  readonly first: string;
  readonly second: string;
  /** Items that both have rated; all numbers are over these. */
  readonly rated: number;
  /** Items of the sheet. */
  readonly asked: number;
  /** Share of items that both gave the same rating, 0 to 1; null where `rated` is 0. */
  readonly sameRating: number | null;
  /** By how disagreements are weighted, over the whole scale 1-5. */
  readonly kappa: Readonly<Record<KappaWeights, KappaEstimate>>;
  /** 5 x 5 counts: `confusion[i][j]` items have i + 1 from the first and j + 1 from the second. */
  readonly confusion: readonly (readonly number[])[];
}

/** Whole ratings by item id. */
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
 * Compares two raters. The intervals are bootstrapped over cases: responses to one person, from whichever candidate,
 * are drawn together, as they are not independent.
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
