import { addUsage, NO_USAGE, type Usage } from '../models/chat-model.ts';
import type { RunEvent } from '../runs/events.ts';
import { addUsd } from '../runs/spending/add-usd.ts';
import { costOf, type Prices, priceOf } from '../runs/spending/prices.ts';
import { recentRate } from './recent-rate.ts';

/** What other processes do that share a run. Calls count from when this process opened it. */
export interface OthersProgress {
  /** How many work now. */
  readonly processes: number;
  /** Calls answered by a model. */
  readonly calls: number;
  readonly inFlight: number;
  /** Over the last 10 s, and a few seconds late. */
  readonly callsPerSecond: number;
  readonly usage: Usage;
  /** In US dollars; null if one of the models has no price. */
  readonly usd: number | null;
}

type OthersEvent = Extract<RunEvent, { readonly type: 'other-processes' }>;

/** Counts what other processes do, from what the run says of them. */
export function trackOthers(prices: Prices): {
  take(event: OthersEvent, now: number): void;
  now(now: number): OthersProgress | null;
} {
  const recent = recentRate();
  let last: Omit<OthersProgress, 'callsPerSecond'> | null = null;
  return {
    take({ processes, inFlight, answered }, now) {
      const calls = answered.reduce((sum, own) => sum + own.calls, 0);
      // What they did before this process looked for the first time says nothing about their pace.
      if (last !== null) recent.add(now, calls - last.calls);
      const usage = answered.reduce((sum, own) => addUsage(sum, own.usage), NO_USAGE);
      const costs = answered.map((own) => costOf(own.usage, priceOf(prices, own.model)));
      const usd = costs.reduce(addUsd, 0);
      last = { processes, calls, inFlight, usage, usd };
    },
    now: (now) => (last === null ? null : { ...last, callsPerSecond: recent.perSecond(now) }),
  };
}
