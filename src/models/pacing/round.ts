/** A round is long enough to tell whether the server accepts a rate: servers count by the second or longer. */
const ROUND_MS = 1_000;
/** Fewer calls say little. */
export const ROUND_CALLS = 20;
/** A call may take minutes, so a round does not wait for calls or their answers for longer than this. */
const MAX_ROUND_MS = 10_000;
/** Longer gaps between two clock readings count as this much, so that a stall does not count as time at a rate. */
const MAX_STEP_MS = 10_000;
/** With a smaller share of its calls sent, something else than the rate held them back. */
const USED = 0.8;

/** Calls sent at one rate, to see whether the server accepts it. */
export interface Round {
  /** When it began. */
  readonly from: number;
  /** Time in which calls were waiting. */
  readonly ms: number;
  readonly calls: number;
  readonly refused: number;
  /** Whether one of its calls was answered and its time is over, pauses included: they let the server's window pass. */
  isSettled(now: number): boolean;
  /** Whether it tells if the server accepts the rate. */
  isOver(): boolean;
  /** Whether calls were sent at this rate. Otherwise the round proves nothing about it. */
  isUsed(rate: number): boolean;
  pass(ms: number): void;
  sent(): void;
  succeeded(index: number): void;
  refuse(index: number): void;
}

/** A round that begins now. @param firstIndex number of its first call. */
export function round(from: number, firstIndex: number): Round {
  let ms = 0;
  let calls = 0;
  let refused = 0;
  let isHeard = false;
  return {
    from,
    get ms() {
      return ms;
    },
    get calls() {
      return calls;
    },
    get refused() {
      return refused;
    },
    isSettled: (now) => now - from >= ROUND_MS && isHeard,
    isOver: () => ms >= MAX_ROUND_MS || (ms >= ROUND_MS && calls >= ROUND_CALLS && isHeard),
    isUsed: (rate) => calls >= USED * rate * ms - 1,
    pass(passed) {
      ms += Math.min(passed, MAX_STEP_MS);
    },
    sent() {
      calls += 1;
    },
    succeeded(index) {
      if (index >= firstIndex) isHeard = true;
    },
    refuse(index) {
      if (index >= firstIndex) refused += 1;
    },
  };
}
