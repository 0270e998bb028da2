import { counted, dollars, duration, shortNumber } from '../internal/format.ts';
import { addUsage } from '../models/chat-model.ts';
import { addUsd } from '../runs/spending/add-usd.ts';
import type { OthersProgress } from './others.ts';
import type { Progress } from './progress.ts';

/**
 * Progress as one line, most important parts first, since a terminal may cut its end. Unknown and zero parts are left
 * out: `412 of 3310 conversations, 2 h 51 min left, 4.2k turns, 16.4k calls, 16 in flight, 11.2 calls/s`. Of a run that several
 * processes share, it has the calls of all.
 *
 * @example
 * ```ts
 * setInterval(() => console.error(describeProgress(track())), 5_000).unref();
 * ```
 */
export function describeProgress(progress: Progress): string {
  const { conversations, turns, replayed, away, etaMs, paused, others, verification } = progress;
  const { done, total } = conversations;
  const { calls, inFlight, callsPerSecond, usage, usd } = inAll(progress);
  const tokens = usage.inputTokens + usage.outputTokens;
  return [
    away.length > 0 && `waiting for ${away.join(', ')}`,
    paused && 'paused',
    total !== null && `${done} of ${total} conversations`,
    total === null && done > 0 && counted(done, 'conversation', shortNumber),
    etaMs !== null && `${duration(etaMs)} left`,
    others !== null && others.processes > 0 && `${others.processes + 1} processes`,
    turns > 0 && counted(turns, 'turn', shortNumber),
    verification !== null &&
      `${counted(verification.pairs, 'pair', shortNumber)} verified, ${shortNumber(verification.winners.undecided)} undecided`,
    counted(calls, 'call', shortNumber),
    replayed > 0 && `${shortNumber(replayed)} from cache`,
    inFlight > 0 && `${inFlight} in flight`,
    callsPerSecond > 0 && `${callsPerSecond.toFixed(1)} calls/s`,
    tokens > 0 && `${shortNumber(tokens)} tokens`,
    usd !== null && usd > 0 && dollars(usd),
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** What this process and the others do together. */
function inAll(own: Progress): Omit<OthersProgress, 'processes'> {
  const { others } = own;
  if (others === null) return own;
  return {
    calls: own.calls + others.calls,
    inFlight: own.inFlight + others.inFlight,
    callsPerSecond: own.callsPerSecond + others.callsPerSecond,
    usage: addUsage(own.usage, others.usage),
    usd: addUsd(own.usd, others.usd),
  };
}
