import { VERSION } from '../internal/version.ts';
import { addUsage, NO_USAGE } from '../models/chat-model.ts';
import type { Progress } from '../progress/progress.ts';
import type { WorkingProcess } from '../runs/postgres/read-processes.ts';
import { addUsd } from '../runs/spending/add-usd.ts';
import type { ProcessState } from '../runs/steering/process-state.ts';
import type { RunSettings } from '../runs/steering/steering.ts';
import type { LiveState } from './live-state.ts';
import { NO_ACTIVITY } from './model-activity.ts';

const MAX_ERRORS = 10;

/** A process that has reported its state. */
type Known = WorkingProcess & { readonly state: ProcessState };

/**
 * What several processes that share a run do together. Calls, tokens and what is in flight are added up. Each process is told
 * of every finished conversation and case, so of these the furthest count holds.
 *
 * @param processes At least one.
 * @param finished Number of conversations and cases that were finished.
 */
export function jointState(
  run: string,
  processes: readonly WorkingProcess[],
  pausedSince: Date | null,
  finished: number,
): LiveState {
  const [first] = processes;
  const known = processes.filter((own): own is Known => own.state !== null);
  const shown = known.flatMap(({ state }) => (state.shown as LiveState | null) ?? []);
  const furthest = shown.toSorted(byMost(({ progress }) => progress.conversations.done))[0];
  return {
    schema: 'aloe-live/1',
    run,
    pid: first!.pid,
    host: first!.host,
    version: shown[0]?.version ?? VERSION,
    // The clocks of the machines may differ.
    at: first!.now.toISOString(),
    since: first!.since.toISOString(),
    pausedSince: pausedSince?.toISOString() ?? null,
    stage: shown.find(({ stage }) => stage !== '')?.stage ?? '',
    progress: { ...jointProgress(known, shown, furthest), paused: pausedSince !== null },
    // Each process knows what the others had recorded when it last looked.
    spending:
      known.map(({ state }) => state.spending).toSorted(byMost(({ calls }) => calls))[0] ?? NO_SPENDING,
    settings: jointSettings(known),
    models: jointModels(known, shown),
    levels:
      shown.map(({ levels }) => levels).toSorted(byMost((levels) => sum(levels, ({ cases }) => cases)))[0] ??
      [],
    finished,
    errors: shown
      .flatMap(({ errors }) => errors)
      .toSorted((a, b) => (a.at < b.at ? 1 : -1))
      .slice(0, MAX_ERRORS),
    processes: processes.map(({ pid, host, since, seen, state }) => ({
      pid,
      host,
      since: since.toISOString(),
      seen: seen.toISOString(),
      concurrency: state?.settings.concurrency ?? 0,
      inFlight: state?.inFlight ?? 0,
      calls: state?.calls ?? 0,
      problem: state?.problem ?? null,
    })),
  };
}

/** The settings of the process that came first, with the limits of all models. */
export function jointSettings(known: readonly Pick<Known, 'state'>[]): RunSettings {
  const limits = Object.assign({}, ...known.map(({ state }) => state.settings.limits).toReversed());
  return { ...(known[0]?.state.settings ?? NO_SETTINGS), limits };
}

function jointProgress(
  known: readonly Known[],
  shown: readonly LiveState[],
  furthest: LiveState | undefined,
): Progress {
  const each = shown.map(({ progress }) => progress);
  return {
    conversations: furthest?.progress.conversations ?? { done: 0, total: null },
    turns: Math.max(0, ...each.map(({ turns }) => turns)),
    calls: sum(known, ({ state }) => state.calls),
    replayed: sum(each, ({ replayed }) => replayed),
    inFlight: sum(known, ({ state }) => state.inFlight),
    away: [...new Set(each.flatMap(({ away }) => away))],
    callsPerSecond: sum(each, ({ callsPerSecond }) => callsPerSecond),
    usage: each.reduce((all, { usage }) => addUsage(all, usage), NO_USAGE),
    usd: each.map(({ usd }) => usd).reduce(addUsd, 0),
    fraction: furthest?.progress.fraction ?? null,
    etaMs: furthest?.progress.etaMs ?? null,
    paused: false,
    // Each process is told of all pairs, and one may be behind.
    verification:
      each.map(({ verification }) => verification ?? null).toSorted(byMost((own) => own?.pairs ?? 0))[0] ??
      null,
    others: null,
  };
}

function jointModels(known: readonly Known[], shown: readonly LiveState[]): LiveState['models'] {
  const traffic = Map.groupBy(
    known.flatMap(({ state }) => state.traffic),
    ({ model }) => model,
  );
  const activity = Map.groupBy(
    shown.flatMap(({ models }) => models),
    ({ model }) => model,
  );
  return [...traffic].map(([model, own]) => {
    const seen = activity.get(model) ?? [];
    return {
      ...NO_ACTIVITY,
      model,
      inFlight: sum(own, ({ inFlight }) => inFlight),
      waiting: sum(own, ({ waiting }) => waiting),
      isAway: own.some(({ isAway }) => isAway),
      calls: sum(seen, ({ calls }) => calls),
      callsPerSecond: sum(seen, ({ callsPerSecond }) => callsPerSecond),
      refusals: sum(seen, ({ refusals }) => refusals),
      retries: sum(seen, ({ retries }) => retries),
      failures: sum(seen, ({ failures }) => failures),
      lastError:
        seen
          .map(({ lastError }) => lastError)
          .toSorted((a, b) => ((a?.at ?? '') < (b?.at ?? '') ? 1 : -1))[0] ?? null,
    };
  });
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((all, item) => all + of(item), 0);
}

function byMost<Item>(of: (item: Item) => number): (a: Item, b: Item) => number {
  return (a, b) => of(b) - of(a);
}

const NO_SPENDING: LiveState['spending'] = {
  calls: 0,
  usage: NO_USAGE,
  usd: 0,
  unpriced: [],
  estimatedCalls: 0,
};
const NO_SETTINGS: RunSettings = { concurrency: 0, budget: { usd: null, tokens: null }, limits: {} };
