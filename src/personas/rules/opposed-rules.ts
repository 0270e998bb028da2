import type { Persona } from '../persona.ts';
import type { Rule } from './persona-rule.ts';

/** Number of rules of one persona that contradict a rule of the other. */
export function countOpposed({ rules = [] }: Persona, other: Persona): number {
  return rules.filter((own) => other.rules?.some((theirs) => areOpposed(own, theirs))).length;
}

/** Whether no response follows both rules. */
export function areOpposed(a: Rule, b: Rule): boolean {
  if (a.kind === 'length' && b.kind === 'length') return exclude(a, b) || exclude(b, a);
  if (a.kind === 'length' || b.kind === 'length') return false;
  const about = ({ kind, ...rest }: typeof a) => JSON.stringify([kind, 'words' in rest ? rest.words : null]);
  return about(a) === about(b) && a.wanted !== b.wanted;
}

/** Whether every response that is short enough for one is too short for the other. */
function exclude(short: { maxWords?: number | undefined }, long: { minWords?: number | undefined }): boolean {
  return (short.maxWords ?? Infinity) < (long.minWords ?? 0);
}
