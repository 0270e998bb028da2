import type { Persona } from '../persona.ts';
import type { CheckablePreference } from './checkable-preference.ts';

/** How many checkable preferences of one persona the other has the other way round. */
export function countOpposed({ preferences = [] }: Persona, other: Persona): number {
  return preferences.filter((own) => other.preferences?.some((theirs) => areOpposed(own, theirs))).length;
}

function areOpposed(a: CheckablePreference, b: CheckablePreference): boolean {
  if (a.kind === 'length' && b.kind === 'length') return exclude(a, b) || exclude(b, a);
  if (a.kind === 'length' || b.kind === 'length') return false;
  const about = ({ kind, ...rest }: typeof a) => JSON.stringify([kind, 'words' in rest ? rest.words : null]);
  return about(a) === about(b) && a.wanted !== b.wanted;
}

/** Whether what is short enough for one is too short for the other. */
function exclude(
  short: { maximumWords?: number | undefined },
  long: { minimumWords?: number | undefined },
): boolean {
  return (short.maximumWords ?? Infinity) < (long.minimumWords ?? 0);
}
