import type { Round } from './round.ts';

/** A limit that differs by this factor is another one. */
const NEW_LIMIT = 1.5;
/**
 * Time at a limit before more is tried. It doubles each time that the limit turns out to be the same. A longer pause that the server
 * asked for makes trying expensive, so it is tried more rarely.
 */
const FIRST_HOLD_MS = 5_000;
const MAX_HOLD_MS = 30_000;
const HOLD_PER_PAUSE = 40;
const LONGEST_HOLD_MS = 300_000;
/** A hold of 5 s lasts for at least so many calls, and so on: a try costs about as many refusals where calls are few. */
const HOLD_CALLS = 250;

/** How long calls are sent at a limit before more is tried. */
export interface LimitHold {
  /** Begins at a limit that was found. */
  begin(limit: number): void;
  /** Whether a round at the limit is long enough. */
  isRoundOver(round: Round): boolean;
  /** Such a round has ended. @returns whether it is time to try more. */
  endRound(): boolean;
  /** The server refused calls beyond the limit, and asks for a pause of so long. */
  paused(askedMs: number): void;
}

/** Nothing is held yet. */
export function limitHold(): LimitHold {
  let held = 0;
  let holdMs = FIRST_HOLD_MS;
  let longestMs = MAX_HOLD_MS;
  let heldMs = 0;
  return {
    begin(limit) {
      const isNew = limit > NEW_LIMIT * held || limit * NEW_LIMIT < held;
      holdMs = isNew ? FIRST_HOLD_MS : Math.min(longestMs, 2 * holdMs);
      held = limit;
      heldMs = 0;
    },
    isRoundOver: ({ ms, calls }) => ms >= FIRST_HOLD_MS && calls >= HOLD_CALLS,
    endRound() {
      heldMs += FIRST_HOLD_MS;
      return heldMs >= holdMs;
    },
    paused(askedMs) {
      longestMs = Math.min(LONGEST_HOLD_MS, MAX_HOLD_MS + HOLD_PER_PAUSE * askedMs);
    },
  };
}
