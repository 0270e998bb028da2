import type { PageData } from '../page-data.ts';
import type { Listed } from './select-entries.ts';

/** What to know about a comparison: in how many cases which is better, and how the settings of the two differ. */
export interface CompareNote {
  /** Empty if nothing is compared. */
  readonly count: string;
  readonly warnings: readonly string[];
}

export function describeCompared(
  listed: readonly Listed[],
  { candidates, differences }: PageData,
): CompareNote {
  const compared = listed.filter(({ other }) => other !== null);
  if (compared.length === 0) return { count: '', warnings: [] };
  const count = (sign: number) =>
    compared.filter(({ difference }) => difference !== null && signOf(difference) === sign).length;
  const pairs = new Set(compared.map(({ entry, other }) => JSON.stringify([entry.source, other?.source])));
  const isCompared = (first: string | undefined, second: string | undefined) =>
    pairs.has(JSON.stringify([first, second])) || pairs.has(JSON.stringify([second, first]));
  const [{ entry, other } = { entry: null, other: null }] = compared;
  const isOnePair = pairs.size === 1;
  const [one, two] = isOnePair ? [entry?.source, other?.source] : ['the candidate', 'the other'];
  return {
    count: `${one} scores higher than ${two} in ${count(1)}, equal in ${count(0)}, lower in ${count(-1)}.`,
    warnings: differences.flatMap(({ first, second, notes }) => {
      const [one, other] = [candidates[first], candidates[second]];
      return isCompared(one, other) ? notes.map((note) => `${one} and ${other}: ${note}`) : [];
    }),
  };
}

/** Means are rounded, so equal cases may differ in their last bits. */
function signOf(difference: number): number {
  return Math.abs(difference) < 1e-9 ? 0 : Math.sign(difference);
}
