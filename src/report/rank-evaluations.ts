import { InvalidOptionError } from '../errors.ts';
import { compareEvaluations, type EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';

/** An evaluation among others. */
export interface Standing {
  readonly evaluation: EvaluationResult;
  /** What the best has over it, over the same cases; null for the best itself and where `problem` says why not. */
  readonly comparison: EvaluationComparison | null;
  readonly problem: string | null;
}

/** Evaluations by their average, the best first, those without any score last, each compared with the best. */
export function rankEvaluations(evaluations: readonly EvaluationResult[]): Standing[] {
  const ranked = evaluations.toSorted((a, b) => (b.average ?? -Infinity) - (a.average ?? -Infinity));
  const [best] = ranked;
  return ranked.map((evaluation) => {
    if (evaluation === best || best === undefined) return { evaluation, comparison: null, problem: null };
    try {
      return { evaluation, comparison: compareEvaluations(evaluation, best), problem: null };
    } catch (error) {
      // Other cases or turns: the averages are shown side by side, and nothing is said about their difference.
      if (!(error instanceof InvalidOptionError)) throw error;
      return { evaluation, comparison: null, problem: error.message };
    }
  });
}
