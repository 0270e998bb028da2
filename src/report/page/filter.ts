import type { Entry } from './entries.ts';

/** What the reader of the page wants to see; null and '' ask for nothing. */
export interface Filter {
  readonly source: string | null;
  readonly name: string | null;
  /** A whole score; a score between two counts as the nearer. */
  readonly score: number | null;
  readonly status: string | null;
  /** In any case. */
  readonly words: string;
}

/**
 * Turns of the conversation that meet score, status and words together; null when it has none, or is of another
 * candidate or case. A filter that asks for no turn in particular is met by every conversation, and points at none.
 */
export function matchingTurns(entry: Entry, filter: Filter): readonly number[] | null {
  const { source, name, score, status } = filter;
  if (source !== null && entry.source !== source) return null;
  if (name !== null && entry.name !== name) return null;
  const words = filter.words.trim().toLowerCase();
  if (score === null && status === null && words === '') return [];
  const met = entry.turns.filter(
    (turn) =>
      (score === null || (turn.score !== null && Math.round(turn.score) === score)) &&
      (status === null || turn.status === status) &&
      (words === '' || turn.words().includes(words)),
  );
  return met.length === 0 ? null : met.map(({ turn }) => turn);
}
