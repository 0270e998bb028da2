import { InvalidOptionError } from '../errors.ts';
import { compareEvaluations, type EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { adjustRanking } from './adjust-comparisons.ts';

/** An evaluation in the ranking. */
export interface Standing {
  readonly evaluation: EvaluationResult;
  /** Comparison with the best (second) on the same cases; null for the best itself, and if `problem` is set. */
  readonly comparison: EvaluationComparison | null;
  /** Why it cannot be compared with the best; null if it can. */
  readonly problem: string | null;
}

/** Ranks evaluations by average, those without a score last, and compares each with the best. */
export function rankEvaluations(evaluations: readonly EvaluationResult[]): Standing[] {
  const ranked = evaluations.toSorted((a, b) => (b.average ?? -Infinity) - (a.average ?? -Infinity));
  const [best] = ranked;
  const standings = ranked.map((evaluation) => {
    if (evaluation === best || best === undefined) return { evaluation, comparison: null, problem: null };
    try {
      return { evaluation, comparison: compareEvaluations(evaluation, best), problem: null };
    } catch (error) {
      // Different cases or turns: show the averages side by side, without a comparison.
      if (!(error instanceof InvalidOptionError)) throw error;
      return { evaluation, comparison: null, problem: error.message };
    }
  });
  return adjustRanking(standings);
}
