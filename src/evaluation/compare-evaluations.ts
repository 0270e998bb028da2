import { InvalidOptionError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';
import { mean } from '../metrics/mean.ts';
import type { EvaluatedCase, EvaluationData } from './evaluation-result.ts';
import { describeLockDifferences } from './lock-differences.ts';
import { scoreMatrix } from './summarize.ts';

/** The difference at one turn, over the cases that both sides have a score for. */
export interface TurnDifference {
  /** From 1. */
  readonly turn: number;
  /** Mean of second minus first; null when no case has both scores. */
  readonly difference: number | null;
  readonly cases: number;
}

/** Two candidates on the same cases. Differences are second minus first: above 0, the second did better. */
export interface EvaluationComparison {
  readonly first: string;
  readonly second: string;
  /** Mean over cases of the mean difference of their turns; null when no turn was scored on both sides. */
  readonly difference: number | null;
  /** Cases in which the second did better, as well, and worse. */
  readonly better: number;
  readonly equal: number;
  readonly worse: number;
  readonly byTurn: readonly TurnDifference[];
  /** Cases without any turn that was scored on both sides: they are in none of the numbers. */
  readonly unscoredCases: readonly string[];
  /** What else differs between the two besides the candidate, in words, and what may still be compared. */
  readonly warnings: readonly string[];
}

/**
 * Compares two candidates case by case. Only turns that both have a score for are counted, so a failure on one side
 * moves nothing.
 *
 * @throws InvalidOptionError when the results are not over the same cases and number of turns, naming the difference.
 */
export function compareEvaluations(first: EvaluationData, second: EvaluationData): EvaluationComparison {
  const partners = matchCases(first, second);
  const { turns } = first.lock;
  const before = scoreMatrix(first.cases, turns);
  const after = scoreMatrix(partners, turns);
  const differences = before.map((row, index) =>
    row.map((score, turn) => subtract(after[index]![turn]!, score)),
  );
  const byCase = differences.map(mean);
  const count = (sign: number) =>
    byCase.filter((value) => value !== null && Math.sign(value) === sign).length;
  return {
    first: first.candidate.name,
    second: second.candidate.name,
    difference: mean(byCase),
    better: count(1),
    equal: count(0),
    worse: count(-1),
    byTurn: Array.from({ length: turns }, (_, index) => {
      const column = differences.map((row) => row[index]!);
      return {
        turn: index + 1,
        difference: mean(column),
        cases: column.filter((value) => value !== null).length,
      };
    }),
    unscoredCases: first.cases.filter((_, index) => byCase[index] === null).map(({ caseId }) => caseId),
    warnings: describeLockDifferences(first.lock, second.lock),
  };
}

/** The second's cases in the order of the first's. */
function matchCases(first: EvaluationData, second: EvaluationData): EvaluatedCase[] {
  const got = second.candidate.name;
  const [turns, others] = [first.lock.turns, second.lock.turns];
  if (turns !== others) {
    throw new InvalidOptionError('second', `${turns} turns as in the first, not ${others}`, got);
  }
  const byId = new Map(second.cases.map((played) => [played.caseId, played]));
  const own = new Set(first.cases.map(({ caseId }) => caseId));
  const missing = [...own].filter((id) => !byId.has(id));
  const besides = [...byId.keys()].filter((id) => !own.has(id));
  if (missing.length + besides.length > 0) {
    const difference = `missing: ${some(missing)}; besides: ${some(besides)}`;
    throw new InvalidOptionError('second', `the same cases as in the first (${difference})`, got);
  }
  return first.cases.map(({ caseId, persona }) => {
    const partner = byId.get(caseId)!;
    if (canonicalJson(partner.persona) !== canonicalJson(persona)) {
      throw new InvalidOptionError('second', `the persona that case ${caseId} has in the first`, got);
    }
    return partner;
  });
}

function subtract(score: number | null, from: number | null): number | null {
  return score === null || from === null ? null : score - from;
}

function some(ids: readonly string[]): string {
  if (ids.length === 0) return 'none';
  return ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
}
