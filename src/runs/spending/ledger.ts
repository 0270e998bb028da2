import { BudgetExceededError, InvalidOptionError } from '../../errors.ts';
import { dollars } from '../../internal/format.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkNumber } from '../../internal/options.ts';
import { addUsage, type ChatRequest, NO_USAGE, type Usage } from '../../models/chat-model.ts';
import { costOfAccount, isEstimatedAccount, modelOfAccount } from './accounts.ts';
import { checkPrices, type Price, type Prices } from './prices.ts';
import type { Amount, InUse, SharedBooks, SpentByAccount } from './shared-books.ts';

/**
 * A hard limit over the whole life of a run, including earlier processes. A call that could exceed it is not sent. A
 * call without `maxOutputTokens` is assumed to have at most 4,096 output tokens.
 */
export interface Budget {
  /** US dollars. Requires a price for every model of the run. */
  readonly usd?: number | undefined;
  /** Input and output tokens together. */
  readonly tokens?: number | undefined;
}

/** Changes of a {@link Budget}. What is left out stays as it is; null removes a limit. */
export interface BudgetChanges {
  readonly usd?: number | null | undefined;
  readonly tokens?: number | null | undefined;
}

/** What a run has cost over its whole life, including earlier processes. Replays cost nothing. */
export interface Spending {
  /** Calls that a model answered. */
  readonly calls: number;
  /** Tokens of `calls`. */
  readonly usage: Usage;
  /** US dollars, for the models that have a price. */
  readonly usd: number;
  /** Ids of models that were called and have no price. `usd` does not include them. */
  readonly unpriced: readonly string[];
  /**
   * Part of `calls` for which the server reported no token counts. `usage` and `usd` hold an estimate of theirs: half the
   * bytes of the texts, which is seldom too low.
   */
  readonly estimatedCalls: number;
}

/** Options of {@link Ledger}. */
export interface LedgerOptions {
  readonly budget?: Budget | undefined;
  readonly prices?: Prices | undefined;
  /** What earlier processes spent, by account (`accounts.ts`). */
  readonly before: SpentByAccount;
  /** The budget's books, if several processes spend it. Default: this process is the only one. */
  readonly books?: SharedBooks | undefined;
}

/** Budget reserved for a call in flight. */
export interface Reservation {
  /**
   * Replaces the reservation with the actual usage, or with nothing (null) if the call failed.
   *
   * @param account Where it is booked. Default: where it was reserved.
   */
  settle(usage: Usage | null, account?: string): void;
}

/** Output tokens reserved for a request without `maxOutputTokens`. */
const DEFAULT_OUTPUT_TOKENS = 4_096;
const TOKENS_PER_MESSAGE = 8;

/** How often a process asks for budget that others hold. */
const ASK_AGAIN_MS = 1_000;

/** Tracks what a run has spent and blocks calls that would exceed its budget. */
export class Ledger {
  #budget: Budget;
  /** A Map, because a model id may be `constructor`. */
  readonly #prices: ReadonlyMap<string, Price>;
  /** Models that cost nothing, and so need no price. */
  readonly #free = new Set<string>();
  readonly #before: SpentByAccount;
  /** What this process spent, by account. */
  readonly #booked = new Map<string, { calls: number; usage: Usage }>();
  readonly #books: SharedBooks | undefined;
  /** What this process spent in all. */
  readonly #own: { usd: number; tokens: number } = { usd: 0, tokens: 0 };
  #reserved = { calls: 0, usd: 0, tokens: 0 };
  #waiting: (() => void)[] = [];

  /** @throws InvalidOptionError for an invalid budget or price. */
  constructor({ budget = {}, prices = {}, before, books }: LedgerOptions) {
    checkKnownOptions<Budget>('budget', budget, { usd: true, tokens: true });
    if (budget.usd !== undefined) checkNumber('budget.usd', budget.usd, { min: 0 });
    if (budget.tokens !== undefined) checkNumber('budget.tokens', budget.tokens, { min: 0 });
    this.#budget = budget;
    this.#prices = new Map(Object.entries(checkPrices(prices)));
    this.#before = before;
    this.#books = books;
    books?.follow(() => this.#inUse());
  }

  /** The limits, as they are now. */
  get budget(): Budget {
    return this.#budget;
  }

  /**
   * Changes the budget. Calls that wait for room are tried again.
   *
   * @param models Ids of the models in use, which all need a price if the budget is in dollars.
   * @throws InvalidOptionError if one has none. Nothing is changed then.
   */
  setBudget(
    { usd = this.#budget.usd, tokens = this.#budget.tokens }: BudgetChanges,
    models: Iterable<string>,
  ): void {
    const budget = { usd: usd ?? undefined, tokens: tokens ?? undefined };
    for (const modelId of models) this.#checkPriced(modelId, budget);
    this.#budget = budget;
    this.#books?.setBudget(budget);
    this.#wake();
  }

  /** Those of these models that are not free and have no price. */
  unpriced(models: Iterable<string>): string[] {
    return [...models].filter((modelId) => !this.#prices.has(modelId) && !this.#free.has(modelId));
  }

  /** @throws InvalidOptionError if the budget is in dollars, and the model has no price and is not free. */
  checkPriced(modelId: string, isFree = false): void {
    if (isFree) this.#free.add(modelId);
    this.#checkPriced(modelId, this.#budget);
  }

  #checkPriced(modelId: string, { usd }: Budget): void {
    if (usd === undefined || this.#prices.has(modelId) || this.#free.has(modelId)) return;
    throw new InvalidOptionError(
      `prices["${modelId}"]`,
      'a price, because the budget is in dollars',
      undefined,
    );
  }

  /**
   * Reserves the maximum cost of a call. If it does not fit, waits for calls in flight, which may cost less than they
   * reserved.
   *
   * @param account The model's id, or that of its calls in batches (`accounts.ts`).
   * @throws InvalidOptionError if the budget is in dollars and the model has no price.
   * @throws BudgetExceededError if the call does not fit and no other call is in flight.
   */
  async reserve(account: string, request: ChatRequest): Promise<Reservation> {
    const usage = maxUsage(request);
    const modelId = modelOfAccount(account);
    this.checkPriced(modelId);
    const usd = costOfAccount(account, usage, this.#prices);
    const amount = { usd: usd ?? 0, tokens: usage.inputTokens + usage.outputTokens };
    while (!this.#fits(amount)) {
      const answer = (await this.#books?.ask(this.#missing(amount))) ?? 'none';
      if (answer === 'granted' || this.#fits(amount)) continue;
      if (answer === 'none' && this.#reserved.calls === 0) throw this.#exceeded(modelId);
      await this.#changed(answer === 'later' ? ASK_AGAIN_MS : undefined);
    }
    this.#hold(1, amount);
    return {
      settle: (actual, bookedAs = account) => {
        this.#hold(-1, amount);
        if (actual !== null) this.#book(bookedAs, actual);
        this.#wake();
      },
    };
  }

  /** Has every call that waits for room try again. */
  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** What was spent up to now, without reservations. */
  spending(): Spending {
    let calls = 0;
    let usage = NO_USAGE;
    let usd = 0;
    let estimatedCalls = 0;
    const unpriced = new Set<string>();
    for (const [account, spent] of [...(this.#books?.others() ?? this.#before), ...this.#booked]) {
      calls += spent.calls;
      if (isEstimatedAccount(account)) estimatedCalls += spent.calls;
      usage = addUsage(usage, spent.usage);
      const cost = costOfAccount(account, spent.usage, this.#prices);
      const modelId = modelOfAccount(account);
      if (cost !== null) usd += cost;
      else if (!this.#free.has(modelId)) unpriced.add(modelId);
    }
    return { calls, usage, usd, unpriced: [...unpriced], estimatedCalls };
  }

  /** Waits until a call ends, or for this time. */
  async #changed(maxMs: number | undefined): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      if (maxMs !== undefined) timer = setTimeout(resolve, maxMs);
    });
    clearTimeout(timer);
  }

  #inUse(): InUse {
    const { calls, usd, tokens } = this.#reserved;
    return { calls, usd: this.#own.usd + usd, tokens: this.#own.tokens + tokens };
  }

  /** What a call needs beyond what this process was granted. */
  #missing({ usd, tokens }: Amount): Amount {
    const { granted } = this.#books!;
    const inUse = this.#inUse();
    return { usd: inUse.usd + usd - granted.usd, tokens: inUse.tokens + tokens - granted.tokens };
  }

  #book(account: string, usage: Usage): void {
    this.#own.usd += costOfAccount(account, usage, this.#prices) ?? 0;
    this.#own.tokens += usage.inputTokens + usage.outputTokens;
    const known = this.#booked.get(account) ?? { calls: 0, usage: NO_USAGE };
    this.#booked.set(account, { calls: known.calls + 1, usage: addUsage(known.usage, usage) });
  }

  #hold(calls: 1 | -1, { usd, tokens }: Amount): void {
    const held = this.#reserved;
    this.#reserved =
      held.calls + calls === 0
        ? { calls: 0, usd: 0, tokens: 0 }
        : { calls: held.calls + calls, usd: held.usd + calls * usd, tokens: held.tokens + calls * tokens };
  }

  #fits(amount: Amount): boolean {
    if (this.#books !== undefined) {
      const { usd, tokens } = this.#missing(amount);
      return usd <= 0 && tokens <= 0;
    }
    const { usd: maxUsd = Infinity, tokens: maxTokens = Infinity } = this.#budget;
    const { usd, usage } = this.spending();
    const tokens = usage.inputTokens + usage.outputTokens;
    return (
      usd + this.#reserved.usd + amount.usd <= maxUsd &&
      tokens + this.#reserved.tokens + amount.tokens <= maxTokens
    );
  }

  #exceeded(modelId: string): BudgetExceededError {
    const { usd, usage } = this.spending();
    const spent = this.#books?.spent() ?? { usd, tokens: usage.inputTokens + usage.outputTokens };
    const { usd: maxUsd, tokens: maxTokens } = this.#budget;
    const used = [
      maxUsd !== undefined && `${dollars(spent.usd)} of ${dollars(maxUsd)}`,
      maxTokens !== undefined && `${spent.tokens} of ${maxTokens} tokens`,
    ];
    return new BudgetExceededError(
      `Another call of ${modelId} could exceed the budget (spent so far: ${used.filter(Boolean).join(' and ')}).`,
    );
  }
}

function maxUsage(request: ChatRequest): Usage {
  return {
    inputTokens: inputBound(request),
    cachedInputTokens: 0,
    outputTokens: request.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS,
  };
}

/** Upper bound of a call's input. A token is rarely shorter than two bytes, so it is counted as half its bytes. */
export function inputBound({ messages }: ChatRequest): number {
  const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return Math.ceil(bytes / 2) + TOKENS_PER_MESSAGE * messages.length;
}
