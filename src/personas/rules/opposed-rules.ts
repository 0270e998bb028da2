import type { Persona } from '../persona.ts';
import type { PersonaRule } from './persona-rule.ts';

/** How many checkable preferences of one persona the other has the other way round. */
export function countOpposed({ rules: preferences = [] }: Persona, other: Persona): number {
  return preferences.filter((own) => other.rules?.some((theirs) => areOpposed(own, theirs))).length;
}

function areOpposed(a: PersonaRule, b: PersonaRule): boolean {
  if (a.kind === 'length' && b.kind === 'length') return exclude(a, b) || exclude(b, a);
  if (a.kind === 'length' || b.kind === 'length') return false;
  const about = ({ kind, ...rest }: typeof a) => JSON.stringify([kind, 'words' in rest ? rest.words : null]);
  return about(a) === about(b) && a.wanted !== b.wanted;
}

/** Whether what is short enough for one is too short for the other. */
function exclude(short: { maxWords?: number | undefined }, long: { minWords?: number | undefined }): boolean {
  return (short.maxWords ?? Infinity) < (long.minWords ?? 0);
}
