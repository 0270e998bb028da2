import { checkNumber } from '../../internal/options.ts';
import type { AdvertisedPause } from './advertised-rate.ts';
import type { OutageNews } from './outage.ts';

/** Limits that hold whatever the server accepts. */
export interface PacerLimits {
  /** Maximum number of calls in any minute. Default: no fixed limit; the pacer learns what the server accepts. */
  readonly requestsPerMinute?: number | undefined;
  /** Maximum number of input and output tokens in any minute. The last call may exceed it. Default: no fixed limit. */
  readonly tokensPerMinute?: number | undefined;
}

/** Options of {@link createPacer}. */
export interface PacerOptions extends PacerLimits {
  /** Maximum number of calls in flight. Default 16. */
  readonly concurrency?: number | undefined;
  /**
   * Longest wait for a server, in milliseconds: for a pause that it requests, and for one that cannot be reached. If an error
   * requests more, calls fail at once with that error, for this long. Default 1,800,000 (half an hour).
   */
  readonly maxPauseMs?: number | undefined;
  /** Called when calls have to wait for longer than a minute because of a server's rate-limit headers. */
  readonly onPause?: ((pause: AdvertisedPause) => void) | undefined;
  /** Called when the model can no longer be reached. Its calls wait, and one at a time is sent as a probe. */
  readonly onAway?: ((outage: OutageNews) => void) | undefined;
  /** Called when it answers again. */
  readonly onBack?: ((outage: OutageNews) => void) | undefined;
}

/** Options with defaults filled in. */
export interface CheckedPacerOptions extends PacerLimits {
  readonly concurrency: number;
  readonly maxPauseMs: number;
}

/** Fills in defaults. @throws InvalidOptionError if an option is out of range. */
export function checkPacerOptions(options: PacerOptions): CheckedPacerOptions {
  const { concurrency = 16, maxPauseMs = 1_800_000 } = options;
  return {
    ...checkPacerLimits(options),
    concurrency: checkConcurrency(concurrency),
    maxPauseMs: checkNumber('maxPauseMs', maxPauseMs, { min: 0 }),
  };
}

/** @throws InvalidOptionError if a limit is out of range. */
export function checkPacerLimits({ requestsPerMinute, tokensPerMinute }: PacerLimits): PacerLimits {
  for (const [name, value] of Object.entries({ requestsPerMinute, tokensPerMinute })) {
    if (value !== undefined) checkNumber(name, value, { min: 1 / 1_440 });
  }
  return { requestsPerMinute, tokensPerMinute };
}

/** @throws InvalidOptionError if it is not a whole number from 1. */
export function checkConcurrency(concurrency: number): number {
  return checkNumber('concurrency', concurrency, { min: 1, integer: true });
}
