import type { ConversationEvent } from '../conversations/builder-options.ts';
import type { EvaluationEvent } from '../evaluation/evaluation-events.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { addUsage, NO_USAGE, type Usage } from '../models/chat-model.ts';
import type { RunEvent } from '../runs/events.ts';
import { addUsd } from '../runs/spending/add-usd.ts';
import { checkPrices, costOf, type Prices, priceOf } from '../runs/spending/prices.ts';
import { VerdictTally, type VerificationSummary } from '../verification/verdict-tally.ts';
import type { VerificationEvent } from '../verification/verify-options.ts';
import { type OthersProgress, trackOthers } from './others.ts';
import { recentRate } from './recent-rate.ts';

/** What {@link trackProgress} knows before the work begins. */
export interface ProgressOptions {
  /** Number of conversations to build (or, if they exist, to verify) and simulated cases in all. Without it, `fraction` and `etaMs` are null. Default: unknown. */
  readonly total?: number | undefined;
  /** Turns per conversation or case. With it, unfinished ones count in part. Default: unknown. */
  readonly turns?: number | undefined;
  /** US dollars per million tokens by model id. Default: no prices are known. */
  readonly prices?: Prices | undefined;
}

/** How far the work has come. */
export interface Progress {
  /** Finished conversations and evaluation cases; `total` is null if unknown. Conversations that are only verified count, too. */
  readonly conversations: { readonly done: number; readonly total: number | null };
  /** Finished turns. */
  readonly turns: number;
  /** Calls answered by a model. */
  readonly calls: number;
  /** Calls answered from the journal. */
  readonly replayed: number;
  /** Calls in flight, including those waiting for a retry. */
  readonly inFlight: number;
  /** Ids of the models that cannot be reached now. Their calls wait. */
  readonly away: readonly string[];
  /** Calls answered by a model per second, over the last 10 s. */
  readonly callsPerSecond: number;
  /** Tokens of the calls answered by a model. */
  readonly usage: Usage;
  /** Their cost in US dollars; null if one of the models has no price. */
  readonly usd: number | null;
  /** Share of the work that is done, 0 to 1; null without `total`. */
  readonly fraction: number | null;
  /** Estimated time left, in milliseconds; null until there is enough to go by. Pauses of the run do not count. */
  readonly etaMs: number | null;
  /** Whether the run is paused: no call is sent. */
  readonly paused: boolean;
  /** What the judge has said of the pairs so far. Null if no pair was verified. */
  readonly verification: VerificationSummary | null;
  /** What other processes do that share the run. Null while none was seen. */
  readonly others: OthersProgress | null;
}

/** An event of a run, a builder, a verification or an evaluator. */
export type ProgressEvent = RunEvent | ConversationEvent | VerificationEvent | EvaluationEvent;

/**
 * Tracks progress by counting events. Pass every event of the run, the builder and the evaluator to the function it
 * returns. That function returns the progress so far; call it without an event to read the progress at any time.
 *
 * The time left is the number of calls still to come, at the rate since the first call was sent. Calls before the first
 * conversation, such as those that grow personas, are left out of it. Replayed calls do not raise the rate.
 *
 * @example
 * ```ts
 * const track = trackProgress({ total: 100, turns: 10 });
 * const run = await openRun('runs/first', { onEvent: track });
 * const builder = new ConversationTreeBuilder({ run, roles, onEvent: track });
 * setInterval(() => console.error(describeProgress(track())), 5_000).unref();
 * ```
 *
 * @throws InvalidOptionError for a number out of range or an invalid price.
 */
export function trackProgress(options: ProgressOptions = {}): (event?: ProgressEvent) => Progress {
  checkKnownOptions<ProgressOptions>('trackProgress()', options, { total: true, turns: true, prices: true });
  const { total = null, turns: turnsOfEach = null, prices = {} } = options;
  const now = () => performance.now();
  if (total !== null) checkNumber('total', total, { min: 0, integer: true });
  if (turnsOfEach !== null) checkNumber('turns', turnsOfEach, { min: 1, integer: true });
  checkPrices(prices);

  const live = new Map<string, number>();
  const away = new Set<string>();
  const recent = recentRate();
  const verdicts = new VerdictTally();
  /** Conversations that were built here: their verification is no further piece of work. */
  const built = new Set<string>();
  let verified = 0;
  let done = 0;
  let turns = 0;
  let calls = 0;
  let replayed = 0;
  let inFlight = 0;
  let usage = NO_USAGE;
  let usd: number | null = 0;
  /** Counts at the start of the first conversation. */
  let before: { readonly calls: number; readonly replayed: number } | null = null;
  /** Time of the first call sent after that. */
  let sendingSince: number | null = null;
  let pausedSince: number | null = null;
  /** Time for which the run was paused since that first call. */
  let pausedMs = 0;
  const elsewhere = trackOthers(prices);

  function begin(id: string): void {
    before ??= { calls, replayed };
    live.set(id, 0);
  }

  function turnEnded(id: string): void {
    live.set(id, (live.get(id) ?? 0) + 1);
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
    const cost = costOf(event.usage, priceOf(prices, event.model), event.inBatch);
    usd = addUsd(usd, cost);
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
      case 'model-away':
        away.add(event.model);
        break;
      case 'model-back':
        away.delete(event.model);
        break;
      case 'run-paused':
        pausedSince = now();
        break;
      case 'run-resumed':
        if (sendingSince !== null) pausedMs += now() - Math.max(pausedSince ?? now(), sendingSince);
        pausedSince = null;
        break;
      case 'other-processes':
        elsewhere.take(event, now());
        break;
      case 'conversation-start':
      case 'case-start':
        begin(nameOf(event));
        break;
      case 'turn-end':
        turns += 1;
        turnEnded(nameOf(event));
        break;
      case 'conversation-end':
        built.add(event.conversationId);
        end(nameOf(event));
        break;
      case 'case-end':
        end(nameOf(event));
        break;
      case 'verification-start':
        if (!built.has(event.conversationId)) begin(nameOf(event));
        break;
      case 'pair-verified':
        verified += 1;
        verdicts.add(event.verdict);
        if (!built.has(event.conversationId)) turnEnded(nameOf(event));
        break;
      case 'verification-end':
        if (!built.delete(event.conversationId)) end(nameOf(event));
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
    const soFar = sent + replayed - before.replayed;
    const toCome = soFar / fraction - soFar;
    const until = pausedSince ?? now();
    return (toCome * Math.max(0, until - sendingSince - pausedMs)) / sent;
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
      away: [...away],
      callsPerSecond: recent.perSecond(now()),
      usage,
      usd,
      fraction,
      etaMs: timeLeft(fraction),
      paused: pausedSince !== null,
      verification: verified === 0 ? null : verdicts.result(),
      others: elsewhere.now(now()),
    };
  };
}

function nameOf(
  event:
    | { readonly conversationId: string }
    | { readonly candidate: string; readonly caseId: string; readonly repeat: number },
): string {
  return 'caseId' in event
    ? JSON.stringify([event.candidate, event.caseId, event.repeat])
    : event.conversationId;
}
