import { counted, dollars, duration } from '../internal/format.ts';
import type { RunStats } from '../runs/events.ts';
import type { Run } from '../runs/run.ts';

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
function costInJson({ calls, replayed, usage, spending }: RunStats, durationMs: number): CostInJson {
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
  const total =
    spending.unpriced.length > 0 || spending.usd === 0
      ? ''
      : `\nTotal cost of the run: ${dollars(spending.usd)}.`;
  const isUncounted = calls > 0 && inputTokens + outputTokens === 0;
  const tokens = isUncounted
    ? 'the server reports no token counts'
    : `${inputTokens} tokens in${cached}, ${outputTokens} out`;
  return `${counted(calls, 'model call')} (${replayed} from cache) in ${duration(durationMs)}; ${tokens}.${total}`;
}

/** Says what the calls of a run cost: once, when its work is done, or at the end if that has failed or was stopped. */
export class CostReport {
  readonly #run: Run;
  readonly #say: (text: string) => void;
  readonly #start: number;
  #isSaid = false;

  /** @param start When the work began, by `performance.now()`. Default: now. */
  constructor(run: Run, say: (text: string) => void, start: number = performance.now()) {
    this.#run = run;
    this.#say = say;
    this.#start = start;
  }

  /** Says it, and returns it for `--json`. */
  say(): CostInJson {
    const durationMs = performance.now() - this.#start;
    this.#isSaid = true;
    this.#say(describeCost(this.#run.stats(), durationMs));
    return costInJson(this.#run.stats(), durationMs);
  }

  /** Work that failed or was stopped was paid for too. */
  sayAtEnd(): void {
    if (!this.#isSaid && this.#run.stats().calls > 0) this.say();
  }
}
