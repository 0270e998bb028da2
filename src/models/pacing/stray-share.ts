import type { StrayTest } from './stray-test.ts';
import { type RefusedRound, strayTrial } from './stray-trial.ts';

/** Refusals beyond the strays that are not worth a slower rate. */
const TOLERATED = 0.02;
/** Refusals in a round that are fewer than this say nothing. */
const MANY = 3;

/** What a round below the limit tells. */
export interface LowVerdict {
  /** The limit from now on. */
  readonly limit: number;
  /** Whether a limit on calls in flight refused them. */
  readonly isLimited: boolean;
  /** Whether that is all, and no further round at a lower rate is needed. */
  readonly isFinal: boolean;
}

/** Measures the share of strays, where few or no other calls are refused. */
export interface StrayShare {
  /** A round below the limit: were calls refused even there, and why? */
  below(round: RefusedRound): LowVerdict;
  /** A round at the limit. @returns the limit, lowered by what was refused and is more than the strays. */
  at(round: RefusedRound): number;
  /** Forgets the earlier rounds of a trial. */
  restart(): void;
}

/** @param refusals is told the share. */
export function strayShare(refusals: StrayTest): StrayShare {
  const trial = strayTrial();
  return {
    below(round) {
      const { limit, calls, refused } = round;
      const excess = refused / calls - refusals.noise;
      if (excess > TOLERATED && excess * calls >= MANY) {
        const { areStrays, ...verdict } = trial.take(round);
        if (!areStrays) return { ...verdict, isFinal: false };
        refusals.set(refused / calls);
        trial.restart();
        return { ...verdict, isFinal: true };
      }
      refusals.learn(refused, calls);
      trial.restart();
      return { limit, isLimited: false, isFinal: true };
    },
    at({ limit, calls, refused }) {
      const share = refused / calls;
      refusals.atMost(share);
      const excess = share - refusals.noise;
      return excess > TOLERATED ? limit * (1 - excess) : limit;
    },
    restart: trial.restart,
  };
}
