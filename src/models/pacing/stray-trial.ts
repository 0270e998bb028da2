import { cutTo } from './lowered-limit.ts';

/** So much less of the rate is tried, to see whether that changes the share of refusals. */
const TRIAL = 0.75;
/** Strays must follow the rate so often: what a bucket had saved looks like it once. */
const CONFIRMED = 2;
/** Never more than this share of calls is taken for strays. */
const MOST_STRAYS = 0.25;

/** A time at a low rate in which calls were refused all the same. */
export interface RefusedRound {
  /** The limit at that time, in calls per millisecond. */
  readonly limit: number;
  readonly ms: number;
  readonly calls: number;
  readonly refused: number;
}

/** What follows from it: the limit from now on, and whether the refusals were strays. If not, one more round tells more. */
export interface TrialVerdict {
  readonly limit: number;
  readonly areStrays: boolean;
  /** Whether a limit refused the calls. */
  readonly isLimited: boolean;
}

/**
 * An experiment on refusals at a low rate: the rate is lowered again. A limit then accepts as many calls as before. If fewer
 * are accepted, in proportion to the rate, the refusals have nothing to do with it: they are strays.
 */
export interface StrayTrial {
  take(round: RefusedRound): TrialVerdict;
  /** Forgets earlier rounds. */
  restart(): void;
}

/** An experiment without a round. */
export function strayTrial(): StrayTrial {
  let first: RefusedRound | undefined;
  let last: RefusedRound | undefined;
  let confirmed = 0;
  return {
    take(round) {
      if (first === undefined || last === undefined) {
        first = round;
        last = round;
        return { limit: TRIAL * round.limit, areStrays: false, isLimited: false };
      }
      const follows = followsRate(last, round);
      confirmed = follows ? confirmed + 1 : 0;
      if (confirmed === CONFIRMED) return { limit: first.limit, areStrays: true, isLimited: false };
      last = round;
      if (follows) return { limit: TRIAL * round.limit, areStrays: false, isLimited: false };
      const accepted = (round.calls - round.refused) / round.ms;
      const limit = cutTo(round.limit, Math.min(round.limit, accepted));
      first = { ...round, limit };
      return { limit, areStrays: false, isLimited: true };
    },
    restart() {
      first = undefined;
      last = undefined;
      confirmed = 0;
    },
  };
}

/** Whether the calls accepted fell as the calls sent did. */
function followsRate(before: RefusedRound, now: RefusedRound): boolean {
  const sent = now.calls / now.ms / (before.calls / before.ms);
  const accepted = (now.calls - now.refused) / now.ms / ((before.calls - before.refused) / before.ms);
  return now.refused <= MOST_STRAYS * now.calls && sent < 0.9 && accepted < (1 + sent) / 2;
}
