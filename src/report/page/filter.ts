import type { PairWinner } from '../../conversations/pair-verdict.ts';
import type { Entry, TurnFacts } from './entries.ts';

/** Filter settings; null and '' match everything. */
export interface Filter {
  readonly source: string | null;
  readonly name: string | null;
  readonly profile: string | null;
  /** Lowest and highest score, whole numbers; fractional scores are rounded. */
  readonly from: number | null;
  readonly to: number | null;
  readonly turn: number | null;
  /** A status of judgements, {@link MISSING}, {@link USER_PROBLEM} or a {@link pairStatus}. */
  readonly status: string | null;
  /** Case-insensitive. */
  readonly words: string;
}

/** Turns without a score, for whatever reason. */
export const MISSING = 'missing';
/** Turns with a problem in the user's message or its drafts. */
export const USER_PROBLEM = 'user-problem';

/** Turns of a corpus with this verdict on the pair. */
export function pairStatus(winner: PairWinner): string {
  return `pair-${winner}`;
}

/**
 * Turns of the conversation that match turn, score, status and words together; null if there are none, or if candidate,
 * case or profile do not match. Words in the persona match every turn. Without a filter on turns, every conversation
 * matches, with no turns.
 */
export function matchingTurns(entry: Entry, filter: Filter): readonly number[] | null {
  const { source, name, profile } = filter;
  if (source !== null && entry.source !== source) return null;
  if (name !== null && entry.name !== name) return null;
  if (profile !== null && entry.profile !== profile) return null;
  const words = filter.words.trim().toLowerCase();
  const turns = entry.turns.filter((turn) => isWanted(turn, filter));
  const isNarrowed = [filter.turn, filter.from, filter.to, filter.status].some((value) => value !== null);
  if (isNarrowed && turns.length === 0) return null;
  const met = words === '' ? turns : turns.filter((turn) => turn.words().includes(words));
  if (met.length > 0) return isNarrowed || words !== '' ? met.map(({ turn }) => turn) : [];
  if (words !== '' && !entry.personaWords().includes(words)) return null;
  return isNarrowed ? turns.map(({ turn }) => turn) : [];
}

function isWanted({ turn, score, status, verdict, userProblem }: TurnFacts, filter: Filter): boolean {
  const rounded = score === null ? null : Math.round(score);
  return (
    (filter.turn === null || turn === filter.turn) &&
    (filter.from === null || (rounded !== null && rounded >= filter.from)) &&
    (filter.to === null || (rounded !== null && rounded <= filter.to)) &&
    (filter.status === null ||
      (filter.status === USER_PROBLEM && userProblem) ||
      (verdict !== undefined && filter.status === pairStatus(verdict)) ||
      (filter.status === MISSING && status !== null && score === null) ||
      status === filter.status)
  );
}
