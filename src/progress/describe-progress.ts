import { counted, duration, shortNumber } from '../internal/format.ts';
import type { Progress } from './progress.ts';

/**
 * Progress as one line, most important parts first, since a terminal may cut its end. Unknown and zero parts are left
 * out: `412 of 3310 conversations, 2 h 51 min left, 4.2k turns, 16.4k calls, 16 in flight, 11.2 calls/s`.
 *
 * @example
 * ```ts
 * setInterval(() => console.error(describeProgress(track())), 5_000).unref();
 * ```
 */
export function describeProgress(progress: Progress): string {
  const { conversations, turns, calls, replayed, inFlight, away, callsPerSecond, usage, usd, etaMs, paused } =
    progress;
  const { done, total } = conversations;
  const tokens = usage.inputTokens + usage.outputTokens;
  return [
    away.length > 0 && `waiting for ${away.join(', ')}`,
    paused && 'paused',
    total !== null && `${done} of ${total} conversations`,
    total === null && done > 0 && counted(done, 'conversation', shortNumber),
    etaMs !== null && `${duration(etaMs)} left`,
    turns > 0 && counted(turns, 'turn', shortNumber),
    counted(calls, 'call', shortNumber),
    replayed > 0 && `${shortNumber(replayed)} from cache`,
    inFlight > 0 && `${inFlight} in flight`,
    callsPerSecond > 0 && `${callsPerSecond.toFixed(1)} calls/s`,
    tokens > 0 && `${shortNumber(tokens)} tokens`,
    usd !== null && usd > 0 && `$${usd.toFixed(2)}`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}
