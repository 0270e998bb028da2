import { userOf } from '../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationResult } from './evaluation-result.ts';

/**
 * The simulations that all results have, one list per result, in the order of the first result. Repeats that one of them
 * lacks are left out.
 *
 * @param results at least one.
 * @throws InvalidOptionError if the cases, their users or the number of turns differ.
 */
export function matchCases(results: readonly EvaluationResult[]): EvaluatedCase[][] {
  const first = results[0]!;
  const played = results.map(({ cases }) => new Map(cases.map((own) => [keyOf(own), own])));
  for (const other of results.slice(1)) checkSameCases(first, other);
  const common = first.cases.map(keyOf).filter((key) => played.every((own) => own.has(key)));
  return played.map((own) => common.map((key) => own.get(key)!));
}

/** Unlike its name, the same for no other simulation, whatever the ids of cases are. */
function keyOf({ caseId, repeat }: EvaluatedCase): string {
  return JSON.stringify([caseId, repeat]);
}

function checkSameCases(first: EvaluationResult, second: EvaluationResult): void {
  const got = second.candidate.name;
  const [turns, others] = [first.lock.turns, second.lock.turns];
  if (turns !== others) {
    throw new InvalidOptionError('second', `${turns} turns, as in the first (it has ${others})`, got);
  }
  const own = new Map(first.cases.map((played) => [played.caseId, played]));
  const byId = new Map(second.cases.map((played) => [played.caseId, played]));
  const missing = [...own.keys()].filter((id) => !byId.has(id));
  const extra = [...byId.keys()].filter((id) => !own.has(id));
  if (missing.length + extra.length > 0) {
    const difference = `missing: ${some(missing)}; extra: ${some(extra)}`;
    throw new InvalidOptionError('second', `the same cases as the first (${difference})`, got);
  }
  for (const { caseId, ...played } of own.values()) {
    const other = byId.get(caseId)!;
    if (canonicalJson(other.persona) !== canonicalJson(played.persona)) {
      throw new InvalidOptionError('second', `the same persona for case ${caseId} as the first`, got);
    }
    if (canonicalJson(userOf(other)) !== canonicalJson(userOf(played))) {
      const what = `the same drift, situations, task and habits for case ${caseId} as the first`;
      throw new InvalidOptionError('second', what, got);
    }
  }
}

function some(ids: readonly string[]): string {
  if (ids.length === 0) return 'none';
  return ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
}

/** Whether two results have the same cases, users and number of turns. */
export function haveSameCases(first: EvaluationResult, second: EvaluationResult): boolean {
  try {
    checkSameCases(first, second);
    return true;
  } catch (error) {
    if (InvalidOptionError.isInstance(error)) return false;
    throw error;
  }
}
