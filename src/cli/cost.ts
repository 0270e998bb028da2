import { duration } from '../internal/format.ts';
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

/** The same as {@link costInJson}, in a sentence for people. */
export function describeCost({ calls, replayed, usage, spending }: RunStats, durationMs: number): string {
  const { inputTokens, cachedInputTokens, outputTokens } = usage;
  const cached = cachedInputTokens === 0 ? '' : ` (${cachedInputTokens} of them cached)`;
  const dollars =
    spending.unpriced.length > 0 || spending.usd === 0
      ? ''
      : `\nTotal cost of the run: $${spending.usd.toFixed(4)}.`;
  const isUncounted = calls > 0 && inputTokens + outputTokens === 0;
  const tokens = isUncounted
    ? 'the server reports no token counts'
    : `${inputTokens} tokens in${cached}, ${outputTokens} out`;
  return `${calls} model calls (${replayed} from cache) in ${duration(durationMs)}; ${tokens}.${dollars}`;
}
