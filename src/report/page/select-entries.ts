import type { Entry } from './entries.ts';
import { type Filter, matchingTurns } from './filter.ts';
import { meanScore } from './mean-score.ts';

/** How conversations are sorted. By difference only where two candidates are compared. */
export type Order = 'file' | 'low' | 'high' | 'gap' | 'better' | 'worse';

/** What the list is to show. */
export interface Selection extends Filter {
  readonly order: Order;
  /** The candidate to compare with; null for none. */
  readonly against: string | null;
}

/** A conversation in the list. */
export interface Listed {
  readonly entry: Entry;
  /** The turns that match the filters; empty without a filter on turns. */
  readonly turns: readonly number[];
  /** The same user with the other candidate; null if nothing is compared. */
  readonly other: Entry | null;
  /** Mean score minus that of the other, over the turns that both have a score for. Null without any. */
  readonly difference: number | null;
}

/**
 * The conversations that match, in order. In a comparison, those of the other candidate are beside and not in the list,
 * and a match in either is enough.
 */
export function selectEntries(
  entries: readonly Entry[],
  { order, against, ...filter }: Selection,
): readonly Listed[] {
  const isCompared = against !== null && against !== filter.source;
  const others = isCompared
    ? new Map(entries.filter(({ source }) => source === against).map((entry) => [userOf(entry), entry]))
    : null;
  const listed = entries.flatMap((entry): Listed[] => {
    const turns = matchingTurns(entry, filter);
    if (others === null) return turns === null ? [] : [{ entry, turns, other: null, difference: null }];
    const other = entry.source === against ? undefined : others.get(userOf(entry));
    if (other === undefined || (filter.source !== null && entry.source !== filter.source)) return [];
    const theirs = matchingTurns(other, { ...filter, source: null });
    if (turns === null && theirs === null) return [];
    const both = [...new Set([...(turns ?? []), ...(theirs ?? [])])].toSorted((a, b) => a - b);
    return [{ entry, turns: both, other, difference: pairedDifference(entry, other) }];
  });
  return order === 'file' ? listed : listed.toSorted(byKey(KEYS[order]));
}

/** The lowest key comes first. */
const KEYS: Readonly<Record<Exclude<Order, 'file'>, (listed: Listed) => number | null>> = {
  low: ({ entry }) => meanOf(entry),
  high: ({ entry }) => negative(meanOf(entry)),
  gap: ({ difference }) => negative(difference === null ? null : Math.abs(difference)),
  better: ({ difference }) => negative(difference),
  worse: ({ difference }) => difference,
};

function byKey(key: (listed: Listed) => number | null): (a: Listed, b: Listed) => number {
  return (a, b) => {
    const [first, second] = [key(a) ?? Infinity, key(b) ?? Infinity];
    return first === second ? 0 : first - second;
  };
}

function meanOf({ turns }: Entry): number | null {
  return meanScore(turns.map(({ score }) => score));
}

function negative(value: number | null): number | null {
  return value === null ? null : -value;
}

/** Equal for conversations with the same user, and never for users of two files that share no more than a name. */
function userOf({ name, conversation }: Entry): string {
  return `${conversation.persona} ${name}`;
}

function pairedDifference(one: Entry, other: Entry): number | null {
  return meanScore(
    one.turns.map(({ score }, index) => {
      const against = other.turns[index]?.score ?? null;
      return score === null || against === null ? null : score - against;
    }),
  );
}
