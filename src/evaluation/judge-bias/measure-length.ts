import { bootstrap } from '../../metrics/bootstrap.ts';
import { clusterings } from '../../metrics/clusters.ts';
import { mean } from '../../metrics/mean.ts';
import { checkResampling } from '../../metrics/resampling-options.ts';
import { sum } from '../../metrics/sum.ts';
import { countWords } from '../../personas/rules/text-features.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { clusterLabels } from '../evaluation-statistics.ts';
import { isSilent } from '../silent-response.ts';
import { estimateOverCases, type UnadjustedMeasure } from './measure-changes.ts';

const WORDS = 100;

/** A case's share in the slope: sums of products and of squares around the means of each conversation. */
interface CaseSums {
  readonly played: EvaluatedCase;
  readonly products: number;
  readonly squares: number;
  readonly responses: number;
}

/**
 * The slope of scores on words, in points per 100 words, by least squares with an intercept for each conversation. So what a
 * persona wants, and how good a candidate is, cancel out.
 *
 * @param results Those whose scores are the judge's.
 */
export function measureLength(
  results: readonly EvaluationResult[],
  { seed, reason }: { readonly seed: number; readonly reason: string },
): UnadjustedMeasure {
  const conversations = results.flatMap(({ cases }) => cases.flatMap((played) => sumsOf(played) ?? []));
  const sums = [...Map.groupBy(conversations, ({ played }) => played.caseId).values()].map(addUp);
  const total = sums.length === 0 ? null : addUp(sums);
  const slope = total === null || total.squares === 0 ? null : total.products / total.squares;
  return {
    name: 'length',
    estimate: slope,
    // The bootstrap of nothing but zeros would say [0, 0], which is too sure.
    interval: sums.every(({ products }) => products === 0) ? null : intervalOf(sums, seed),
    // The slope is 0 where the sum of products is, which is linear in the cases.
    pValue: estimateOverCases(
      sums.map(({ played, products }) => ({ played, value: products })),
      seed,
    ).pValue,
    shift: null,
    size: null,
    changed: null,
    addedWords: null,
    responses: total?.responses ?? 0,
    cases: sums.length,
    missing: 0,
    reason:
      slope !== null
        ? null
        : results.length === 0
          ? reason
          : 'no conversation has two scored replies of different length',
  };
}

/** Null if it says nothing about length. */
function sumsOf(played: EvaluatedCase): CaseSums | null {
  const points = played.turns.flatMap(({ response, judgement: { score } }) =>
    score === null || isSilent(response) ? [] : { score, words: countWords(response) / WORDS },
  );
  const score = mean(points.map((point) => point.score)) ?? 0;
  const words = mean(points.map((point) => point.words)) ?? 0;
  const squares = sum(points.map((point) => (point.words - words) ** 2));
  if (squares === 0) return null;
  const products = sum(points.map((point) => (point.words - words) * (point.score - score)));
  return { played, products, squares, responses: points.length };
}

function addUp(sums: readonly CaseSums[]): CaseSums {
  return {
    played: sums[0]!.played,
    products: sum(sums.map(({ products }) => products)),
    squares: sum(sums.map(({ squares }) => squares)),
    responses: sum(sums.map(({ responses }) => responses)),
  };
}

function intervalOf(sums: readonly CaseSums[], seed: number) {
  const interval = bootstrap({
    ...checkResampling('judgeBias()', { seed }),
    rows: sums.length,
    ways: clusterings(sums.length, { ...clusterLabels(sums.map(({ played }) => played)) }),
    statistics(weights) {
      let [products, squares] = [0, 0];
      for (const [row, own] of sums.entries()) {
        products += weights[row]! * own.products;
        squares += weights[row]! * own.squares;
      }
      return [products / squares];
    },
  });
  return interval(0, () => true);
}
