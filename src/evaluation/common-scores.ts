import type { EvaluationResult } from './evaluation-result.ts';
import { matchCases } from './match-cases.ts';
import { scoreMatrix } from './summarize.ts';

/** The scores that several results have in common. */
export interface CommonScores {
  /**
   * One table per result, cases x turns in the order of the first result's cases. A score is null unless every result has
   * one for that case and turn.
   */
  readonly tables: readonly (readonly (readonly (number | null)[])[])[];
  /** Number of responses that every result has a score for. */
  readonly responses: number;
  /** Number of responses that the benchmark asks for: cases x turns. */
  readonly asked: number;
  /** Number of cases with at least one such response. */
  readonly cases: number;
}

/**
 * Keeps the scores of those cases and turns that every result has a score for.
 *
 * @param results at least one.
 * @throws InvalidOptionError if the cases, their personas or the number of turns differ.
 */
export function commonScores(results: readonly EvaluationResult[]): CommonScores {
  const first = results[0]!;
  const { turns } = first.lock;
  const whole = results.map((result) => scoreMatrix(matchCases(first, result), turns));
  const isCommon = first.cases.map((_, row) =>
    Array.from({ length: turns }, (_turn, turn) => whole.every((table) => table[row]![turn] !== null)),
  );
  return {
    tables: whole.map((table) =>
      table.map((scores, row) => scores.map((score, turn) => (isCommon[row]![turn] ? score : null))),
    ),
    responses: isCommon.flat().filter((common) => common).length,
    asked: first.cases.length * turns,
    cases: isCommon.filter((row) => row.includes(true)).length,
  };
}
