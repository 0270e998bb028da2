import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { matchCases } from './match-cases.ts';
import { caseRows, firstOfEach, keepCommon } from './repeats.ts';
import { scoreMatrix } from './summarize.ts';

/** The scores that several results have in common. */
export interface CommonScores {
  /** The simulations that every result has, one list per result, all in the same order. */
  readonly played: readonly (readonly EvaluatedCase[])[];
  /** One table per result, simulations x turns. A score is null unless every result has one for that simulation and turn. */
  readonly simulations: readonly (readonly (readonly (number | null)[])[])[];
  /** The same as cases x turns: means over the repeats of each case. */
  readonly tables: readonly (readonly (readonly (number | null)[])[])[];
  /** Number of responses that every result has a score for. */
  readonly responses: number;
  /** Number of responses that the benchmark asks for: cases x repeats x turns, with the repeats that every result has. */
  readonly asked: number;
  /** One simulation of each case, in the order of the rows of `tables`. */
  readonly people: readonly EvaluatedCase[];
  /** Number of cases with at least one such response. */
  readonly cases: number;
}

/**
 * Keeps the scores of those simulations and turns that every result has a score for.
 *
 * @param results at least one.
 * @throws InvalidOptionError if the cases, their personas or the number of turns differ.
 */
export function commonScores(results: readonly EvaluationResult[]): CommonScores {
  const { turns } = results[0]!.lock;
  const played = matchCases(results);
  const own = played[0]!;
  const simulations = keepCommon(played.map((cases) => scoreMatrix(cases, turns)));
  const tables = simulations.map((table) => caseRows(own, table));
  return {
    played,
    simulations,
    tables,
    responses: simulations[0]!.flat().filter((score) => score !== null).length,
    asked: own.length * turns,
    people: firstOfEach(own),
    cases: tables[0]!.filter((row) => row.some((score) => score !== null)).length,
  };
}

/**
 * Leaves out results with fewer than half as many scores as the one that has most: the order of all others would rest on
 * their few. Two are always kept, and compared on what both have.
 */
export function wellCovered(results: readonly EvaluationResult[]): readonly EvaluationResult[] {
  const most = Math.max(0, ...results.map(countScores));
  const covered = results.filter((result) => 2 * countScores(result) >= most);
  return covered.length < 2 ? results : covered;
}

/** Number of responses with a score. */
export function countScores({ levels }: EvaluationResult): number {
  return levels.reduce((sum, { scored }) => sum + scored, 0);
}
