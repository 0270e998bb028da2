import { sleep } from '../../internal/sleep.ts';
import type { Usage } from '../../models/chat-model.ts';
import type { ModelLimits } from '../run-options.ts';
import type { Allowance } from '../run-store.ts';
import type { PostgresAddress } from './address.ts';
import type { Database } from './database.ts';
import type { Worker } from './worker.ts';

/** What {@link SharedRate} works on. */
export interface SharedRateOptions {
  readonly database: Database;
  readonly address: PostgresAddress;
  readonly run: number;
  readonly worker: Worker;
  readonly model: string;
  /** As they are now. */
  readonly limits: () => ModelLimits | undefined;
}

interface Waiting {
  readonly tokens: number;
  readonly resolve: (time: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls that one trip to the database schedules, and how far ahead. */
const MAX_CALLS = 10;
const MAX_AHEAD_MS = 2_000;
/** A call that is later than this, say on a busy machine, would come together with those of other processes. */
const MAX_LATE_MS = 1_000;

/**
 * Spreads the calls of all processes evenly over time: the database keeps the time of the next call to a model, and each
 * process takes the next times for the calls that wait in it.
 */
export class SharedRate implements Allowance {
  readonly #options: SharedRateOptions;
  #waiting: Waiting[] = [];
  #scheduling: Promise<void> | undefined;
  /** Tokens that calls used beyond what was estimated. */
  #excess = 0;

  constructor(options: SharedRateOptions) {
    this.#options = options;
  }

  /** Milliseconds between requests. */
  get #perRequest(): number {
    return 60_000 / (this.#options.limits()?.requestsPerMinute ?? Infinity);
  }

  /** Milliseconds that a token takes. */
  get #perToken(): number {
    return 60_000 / (this.#options.limits()?.tokensPerMinute ?? Infinity);
  }

  async take(estimatedTokens: number, signal?: AbortSignal): Promise<void> {
    const { worker } = this.#options;
    for (;;) {
      await worker.alive(signal);
      if (this.#perRequest === 0 && this.#perToken === 0) return;
      const time = await this.#join(estimatedTokens);
      const waitMs = time - performance.now();
      if (waitMs > 0) await sleep(waitMs, signal);
      if (performance.now() - time <= MAX_LATE_MS && worker.isAlive) return;
    }
  }

  settle(estimatedTokens: number, { inputTokens, outputTokens }: Usage): void {
    const used = inputTokens + outputTokens;
    if (used > 0) this.#excess += used - estimatedTokens;
  }

  #join(tokens: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ tokens, resolve, reject });
      this.#scheduling ??= this.#schedule();
    });
  }

  async #schedule(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        const times = await this.#takeTimes(batch.map(({ tokens }) => tokens));
        for (const [index, { resolve }] of batch.entries()) resolve(times[index]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#scheduling = undefined;
  }

  /** What waits, but no more than is due soon: other processes want their turn. */
  #nextBatch(): Waiting[] {
    let tokens = 0;
    let calls = 0;
    for (const waiting of this.#waiting) {
      const aheadMs = Math.max(calls * this.#perRequest, tokens * this.#perToken);
      if (calls > 0 && (calls === MAX_CALLS || aheadMs > MAX_AHEAD_MS)) break;
      calls += 1;
      tokens += waiting.tokens;
    }
    return this.#waiting.splice(0, calls);
  }

  /** When each of these calls may be sent, on the clock of this process. A repeated statement only wastes some time. */
  async #takeTimes(calls: readonly number[]): Promise<number[]> {
    const { database, address, run, model } = this.#options;
    const requestsMs = calls.length * this.#perRequest;
    const tokensMs = calls.reduce((sum, tokens) => sum + tokens, 0) * this.#perToken;
    const excess = this.#excess;
    this.#excess = 0;
    const [row] = await database.query<{ requests: number; tokens: number }>(
      `INSERT INTO ${address.schema}.limits AS l (run, model, requests_at, tokens_at)
       VALUES ($1, $2, clock_timestamp() + $3 * interval '1 ms', clock_timestamp() + $4 * interval '1 ms')
       ON CONFLICT (run, model) DO UPDATE SET
         requests_at = greatest(l.requests_at, clock_timestamp()) + $3 * interval '1 ms',
         tokens_at = greatest(l.tokens_at + $5 * interval '1 ms', clock_timestamp()) + $4 * interval '1 ms'
       RETURNING extract(epoch FROM requests_at - clock_timestamp())::float8 * 1000 - $3 AS requests,
         extract(epoch FROM tokens_at - clock_timestamp())::float8 * 1000 - $4 AS tokens`,
      [run, model, requestsMs, tokensMs, excess * this.#perToken],
    );
    const now = performance.now();
    let before = 0;
    return calls.map((tokens, index) => {
      const time = Math.max(row!.requests + index * this.#perRequest, row!.tokens + before * this.#perToken);
      before += tokens;
      return now + time;
    });
  }
}
