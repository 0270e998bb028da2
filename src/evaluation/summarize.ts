import {
  alignmentLevels,
  averageLevel,
  improvementRate,
  normalizedImprovementRate,
} from '../metrics/index.ts';
import { measureCosts } from './costs/measure-costs.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationSummary } from './evaluation-result.ts';
import { evaluationStatistics } from './evaluation-statistics.ts';
import { measureDropout } from './measures/dropout.ts';
import { measureHabits } from './measures/measure-habits.ts';
import { measureRecovery } from './measures/measure-recovery.ts';
import { measureRevelation } from './measures/measure-revelation.ts';
import { measureSituations } from './measures/measure-situations.ts';
import { measureVariance } from './measures/measure-variance.ts';
import { measureOwnMinusOther } from './personal/own-minus-other.ts';
import { caseRows, firstOfEach } from './repeats.ts';

/** The scores as simulations x turns; null where a turn was not scored or not played. */
export function scoreMatrix(cases: readonly EvaluatedCase[], turns: number): (number | null)[][] {
  return cases.map((played) =>
    Array.from({ length: turns }, (_, index) => played.turns[index]?.judgement.score ?? null),
  );
}

/** Computes all numbers of a result from its cases. `seed` is for the intervals. */
export function summarize(
  cases: readonly EvaluatedCase[],
  { turns, seed }: { readonly turns: number; readonly seed: number },
): EvaluationSummary {
  const scores = scoreMatrix(cases, turns);
  const rows = caseRows(cases, scores);
  const people = firstOfEach(cases);
  const habits = measureHabits(cases, scores, seed);
  const situations = measureSituations(people, rows, seed);
  const levels = alignmentLevels(rows);
  return {
    levels: levels.map((level, index) => ({
      turn: index + 1,
      level,
      scored: scores.filter((row) => row[index] !== null).length,
      asked: scores.length,
    })),
    average: averageLevel(levels),
    improvementRate: improvementRate(levels),
    normalizedImprovementRate: normalizedImprovementRate(levels),
    ownMinusOther: measureOwnMinusOther(cases, { turns, seed }),
    costs: measureCosts(cases, { turns, seed }),
    statistics: evaluationStatistics(people, rows, seed),
    varianceComponents: measureVariance(cases, scores),
    dropout: measureDropout(cases, scores, seed),
    revelation: measureRevelation(cases, turns),
    recovery: measureRecovery(people, rows),
    ...(situations !== null && { situations }),
    ...(habits !== null && { habits }),
  };
}
