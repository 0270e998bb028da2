import { InvalidOptionError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationResult } from './evaluation-result.ts';

/**
 * The second's cases in the order of the first's.
 *
 * @throws InvalidOptionError if the cases, their personas or the number of turns differ.
 */
export function matchCases(first: EvaluationResult, second: EvaluationResult): EvaluatedCase[] {
  const got = second.candidate.name;
  const [turns, others] = [first.lock.turns, second.lock.turns];
  if (turns !== others) {
    throw new InvalidOptionError('second', `${turns} turns, as in the first (it has ${others})`, got);
  }
  const byId = new Map(second.cases.map((played) => [played.caseId, played]));
  const own = new Set(first.cases.map(({ caseId }) => caseId));
  const missing = [...own].filter((id) => !byId.has(id));
  const extra = [...byId.keys()].filter((id) => !own.has(id));
  if (missing.length + extra.length > 0) {
    const difference = `missing: ${some(missing)}; extra: ${some(extra)}`;
    throw new InvalidOptionError('second', `the same cases as the first (${difference})`, got);
  }
  return first.cases.map(({ caseId, persona }) => {
    const partner = byId.get(caseId)!;
    if (canonicalJson(partner.persona) !== canonicalJson(persona)) {
      throw new InvalidOptionError('second', `the same persona for case ${caseId} as the first`, got);
    }
    return partner;
  });
}

function some(ids: readonly string[]): string {
  if (ids.length === 0) return 'none';
  return ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
}

/** Whether two results have the same cases, personas and number of turns. */
export function haveSameCases(first: EvaluationResult, second: EvaluationResult): boolean {
  try {
    matchCases(first, second);
    return true;
  } catch (error) {
    if (InvalidOptionError.isInstance(error)) return false;
    throw error;
  }
}
