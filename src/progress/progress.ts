import type { ConversationEvent } from '../conversations/builder-options.ts';
import type { EvaluationEvent } from '../evaluation/evaluation-events.ts';
import { duration, shortNumber } from '../internal/format.ts';
import { checkNumber } from '../internal/options.ts';
import { addUsage, NO_USAGE, type Usage } from '../models/chat-model.ts';
import type { RunEvent } from '../runs/events.ts';
import { checkPrices, costOf, type Prices } from '../runs/prices.ts';
import { recentRate } from './recent-rate.ts';

export interface ProgressOptions {
  /** Conversations and cases there are to be in all; needed for the time left. Default: unknown. */
  readonly total?: number | undefined;
  /** Turns of each; with them one that is being played counts by its turns. Default: unknown. */
  readonly turns?: number | undefined;
  /** Dollars per million tokens by model id. Default: none is known. */
  readonly prices?: Prices | undefined;
  /** The time in milliseconds, ever growing. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** How far a piece of work is. */
export interface Progress {
  /** Conversations, or cases of an evaluation, that came to their end; `total` is null when it is not known. */
  readonly conversations: { readonly done: number; readonly total: number | null };
  readonly turns: number;
  /** Calls that were sent and answered. */
  readonly calls: number;
  /** Calls that the journal answered. */
  readonly replayed: number;
  /** Calls that are under way now, those that wait to be sent again included. */
  readonly inFlight: number;
  /** Calls sent and answered a second, over the last 10 s. */
  readonly callsPerSecond: number;
  /** Tokens of the calls that were sent. */
  readonly usage: Usage;
  /** What they cost in US dollars; null when the price of one of the models is not known. */
  readonly usd: number | null;
  /** What is done of the whole, 0 to 1; null when the whole is not known. */
  readonly fraction: number | null;
  /** Null as long as it cannot be told. */
  readonly etaMs: number | null;
}

/** Everything that tells of progress: events of a run, of a builder and of an evaluator. */
export type ProgressEvent = RunEvent | ConversationEvent | EvaluationEvent;

/**
 * Counts events. Hand the function it gives every event of the run and of what works in it; it answers how far the
 * work is. Without an event it answers how far the work is by now.
 *
 * The time left is that of the calls which are still to come, at the rate since the first call was sent. Work before
 * the first conversation, such as growing personas, does not count for it, and replays do not make it shorter than it is.
 *
 * @throws InvalidOptionError for a number out of range or a price that is none.
 */
export function trackProgress(options: ProgressOptions = {}): (event?: ProgressEvent) => Progress {
  const { total = null, turns: turnsOfEach = null, prices = {}, now = () => performance.now() } = options;
  if (total !== null) checkNumber('total', total, { min: 0, integer: true });
  if (turnsOfEach !== null) checkNumber('turns', turnsOfEach, { min: 1, integer: true });
  checkPrices(prices);

  const live = new Map<string, number>();
  const recent = recentRate();
  let done = 0;
  let turns = 0;
  let calls = 0;
  let replayed = 0;
  let inFlight = 0;
  let usage = NO_USAGE;
  let usd: number | null = 0;
  /** Where the first conversation began. */
  let before: { readonly calls: number; readonly replayed: number } | null = null;
  /** When the first call after that was sent. */
  let sendingSince: number | null = null;

  function begin(id: string): void {
    before ??= { calls, replayed };
    live.set(id, 0);
  }

  function end(id: string): void {
    live.delete(id);
    done += 1;
  }

  function answered(event: RunEvent & { readonly type: 'call-end' }): void {
    if (event.replayed) {
      replayed += 1;
      return;
    }
    calls += 1;
    inFlight -= 1;
    recent.add(now());
    usage = addUsage(usage, event.usage);
    const cost = costOf(event.usage, Object.hasOwn(prices, event.model) ? prices[event.model] : undefined);
    usd = usd === null || cost === null ? null : usd + cost;
  }

  function take(event: ProgressEvent): void {
    switch (event.type) {
      case 'call-start':
        inFlight += 1;
        if (before !== null) sendingSince ??= now();
        break;
      case 'call-end':
        answered(event);
        break;
      case 'call-error':
      case 'call-abort':
        inFlight -= 1;
        break;
      case 'conversation-start':
      case 'case-start':
        begin(nameOf(event));
        break;
      case 'turn-end':
        turns += 1;
        live.set(nameOf(event), (live.get(nameOf(event)) ?? 0) + 1);
        break;
      case 'conversation-end':
      case 'case-end':
        end(nameOf(event));
        break;
    }
  }

  function doneShare(): number | null {
    if (total === null) return null;
    if (total === 0) return 1;
    let played = done;
    if (turnsOfEach !== null) for (const count of live.values()) played += Math.min(1, count / turnsOfEach);
    return Math.min(1, played / total);
  }

  function timeLeft(fraction: number | null): number | null {
    if (fraction === 1) return 0;
    if (fraction === null || fraction === 0 || before === null || sendingSince === null) return null;
    const sent = calls - before.calls;
    if (sent === 0) return null;
    const sofar = sent + replayed - before.replayed;
    const toCome = sofar / fraction - sofar;
    return (toCome * (now() - sendingSince)) / sent;
  }

  return (event) => {
    if (event !== undefined) take(event);
    const fraction = doneShare();
    return {
      conversations: { done, total },
      turns,
      calls,
      replayed,
      inFlight,
      callsPerSecond: recent.perSecond(now()),
      usage,
      usd,
      fraction,
      etaMs: timeLeft(fraction),
    };
  };
}

/** Progress as one line, what matters most first, as a terminal may cut its end. What is not known, or nothing, is left out. */
export function describeProgress(progress: Progress): string {
  const { conversations, turns, calls, replayed, inFlight, callsPerSecond, usage, usd, etaMs } = progress;
  const { done, total } = conversations;
  const tokens = usage.inputTokens + usage.outputTokens;
  return [
    total !== null && `${done} of ${total} conversations`,
    total === null && done > 0 && counted(done, 'conversation'),
    etaMs !== null && `${duration(etaMs)} left`,
    turns > 0 && counted(turns, 'turn'),
    counted(calls, 'call'),
    replayed > 0 && `${shortNumber(replayed)} replayed`,
    inFlight > 0 && `${inFlight} in flight`,
    callsPerSecond > 0 && `${callsPerSecond.toFixed(1)} calls/s`,
    tokens > 0 && `${shortNumber(tokens)} tokens`,
    usd !== null && usd > 0 && `$${usd.toFixed(2)}`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}

function counted(count: number, what: string): string {
  return `${shortNumber(count)} ${what}${count === 1 ? '' : 's'}`;
}

function nameOf(
  event: { readonly conversationId: string } | { readonly candidate: string; readonly caseId: string },
): string {
  return 'caseId' in event ? JSON.stringify([event.candidate, event.caseId]) : event.conversationId;
}
