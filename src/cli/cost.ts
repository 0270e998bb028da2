import type { RunStats } from '../runs/events.ts';

/** What `--json` says of the calls of a command. */
export interface CostInJson {
  /** Model calls made. */
  readonly calls: number;
  /** Calls answered from the run directory. */
  readonly cached: number;
  readonly inputTokens: number;
  /** Part of `inputTokens` that the provider had cached. */
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** US dollars of the run over its whole life. Null without prices for all models. */
  readonly usd: number | null;
  readonly seconds: number;
}

/** Calls, tokens and time of this process, and dollars of the run over its whole life. */
export function costInJson({ calls, replayed, usage, spending }: RunStats, durationMs: number): CostInJson {
  const { inputTokens, cachedInputTokens, outputTokens } = usage;
  return {
    calls,
    cached: replayed,
    inputTokens,
    cachedInputTokens,
    outputTokens,
    usd: spending.unpriced.length > 0 ? null : spending.usd,
    seconds: Math.round(durationMs) / 1_000,
  };
}
