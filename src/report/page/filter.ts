import type { Entry } from './entries.ts';

/** Filter settings; null and '' match everything. */
export interface Filter {
  readonly source: string | null;
  readonly name: string | null;
  /** A whole score; fractional scores are rounded. */
  readonly score: number | null;
  readonly status: string | null;
  /** Case-insensitive. */
  readonly words: string;
}

/**
 * Turns of the conversation that match score, status and words together; null if there are none, or if candidate or
 * case do not match. Without a filter on turns, every conversation matches, with no turns.
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
