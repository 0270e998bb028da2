import { BudgetExceededError, InvalidOptionError } from '../errors.ts';
import { checkNumber } from '../internal/options.ts';
import { addUsage, type ChatRequest, NO_USAGE, type Usage } from '../models/chat-model.ts';
import { checkPrices, costOf, type Price, type Prices } from './prices.ts';

/** A hard stop: what would go beyond it is not sent. Counted over the whole life of a run, resumes included. */
export interface Budget {
  /** US dollars. Every model of the run then needs a price. */
  readonly usd?: number | undefined;
  /** Input and output tokens together. */
  readonly tokens?: number | undefined;
}

/** What a run has cost since it was made, resumes included; every journaled call counts once. */
export interface Spending {
  readonly calls: number;
  readonly usage: Usage;
  /** US dollars of the models whose price is known. */
  readonly usd: number;
  /** Ids of models that were called and have no price: their calls are not in `usd`. */
  readonly unpriced: readonly string[];
}

export interface LedgerOptions {
  readonly budget?: Budget | undefined;
  readonly prices?: Prices | undefined;
  /** What the journal holds from before, by model id. */
  readonly before: ReadonlyMap<string, { readonly calls: number; readonly usage: Usage }>;
}

/** Budget reserved for a call in flight. */
export interface Reservation {
  /** Replaces the room by what the call really took; null for a call that failed and took nothing. */
  settle(usage: Usage | null): void;
}

/** Where a request says nothing of its reply's length, as many tokens are kept free for it. */
const UNSAID_OUTPUT_TOKENS = 4_096;
const TOKENS_PER_MESSAGE = 8;

/** Tracks what a run has spent and blocks calls that would exceed its budget. */
export class Ledger {
  readonly #budget: Budget;
  /** A Map, as a model may be called `constructor`. */
  readonly #prices: ReadonlyMap<string, Price>;
  readonly #spent: Map<string, { calls: number; usage: Usage }>;
  #reserved = { calls: 0, usd: 0, tokens: 0 };
  #waiting: (() => void)[] = [];

  /** @throws InvalidOptionError for an invalid budget or price. */
  constructor({ budget = {}, prices = {}, before }: LedgerOptions) {
    if (budget.usd !== undefined) checkNumber('budget.usd', budget.usd, { min: 0 });
    if (budget.tokens !== undefined) checkNumber('budget.tokens', budget.tokens, { min: 0 });
    this.#budget = budget;
    this.#prices = new Map(Object.entries(checkPrices(prices)));
    this.#spent = new Map(before);
  }

  /** @throws InvalidOptionError when the budget is in dollars and the model has no price. */
  checkPriced(modelId: string): void {
    if (this.#budget.usd === undefined || this.#prices.has(modelId)) return;
    throw new InvalidOptionError(`prices["${modelId}"]`, 'a price, as the budget is in dollars', undefined);
  }

  /**
   * Takes room for a call. While other calls are under way whose real cost may leave room, it waits for them.
   *
   * @throws InvalidOptionError when the budget is in dollars and the model has no price.
   * @throws BudgetExceededError when the budget has no room for the call.
   */
  async reserve(modelId: string, request: ChatRequest): Promise<Reservation> {
    const usage = most(request);
    this.checkPriced(modelId);
    const usd = costOf(usage, this.#prices.get(modelId));
    const room = { usd: usd ?? 0, tokens: usage.inputTokens + usage.outputTokens };
    while (!this.#fits(room)) {
      if (this.#reserved.calls === 0) throw this.#exceeded(modelId);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    this.#hold(1, room);
    return {
      settle: (actual) => {
        this.#hold(-1, room);
        if (actual !== null) this.#book(modelId, actual);
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const resolve of waiting) resolve();
      },
    };
  }

  spending(): Spending {
    let calls = 0;
    let usage = NO_USAGE;
    let usd = 0;
    const unpriced: string[] = [];
    for (const [modelId, spent] of this.#spent) {
      calls += spent.calls;
      usage = addUsage(usage, spent.usage);
      const cost = costOf(spent.usage, this.#prices.get(modelId));
      if (cost === null) unpriced.push(modelId);
      else usd += cost;
    }
    return { calls, usage, usd, unpriced };
  }

  #book(modelId: string, usage: Usage): void {
    const known = this.#spent.get(modelId) ?? { calls: 0, usage: NO_USAGE };
    this.#spent.set(modelId, { calls: known.calls + 1, usage: addUsage(known.usage, usage) });
  }

  #hold(calls: 1 | -1, { usd, tokens }: { readonly usd: number; readonly tokens: number }): void {
    const held = this.#reserved;
    this.#reserved =
      held.calls + calls === 0
        ? { calls: 0, usd: 0, tokens: 0 }
        : { calls: held.calls + calls, usd: held.usd + calls * usd, tokens: held.tokens + calls * tokens };
  }

  #fits(room: { readonly usd: number; readonly tokens: number }): boolean {
    const { usd: maxUsd = Infinity, tokens: maxTokens = Infinity } = this.#budget;
    const { usd, usage } = this.spending();
    const tokens = usage.inputTokens + usage.outputTokens;
    return (
      usd + this.#reserved.usd + room.usd <= maxUsd &&
      tokens + this.#reserved.tokens + room.tokens <= maxTokens
    );
  }

  #exceeded(modelId: string): BudgetExceededError {
    const { usd, usage } = this.spending();
    const { usd: maxUsd, tokens: maxTokens } = this.#budget;
    const used = [
      maxUsd !== undefined && `$${usd.toFixed(2)} of $${maxUsd.toFixed(2)}`,
      maxTokens !== undefined && `${usage.inputTokens + usage.outputTokens} of ${maxTokens} tokens`,
    ];
    return new BudgetExceededError(
      `The budget has no room for another call of ${modelId}: ${used.filter(Boolean).join(' and ')} are used.`,
    );
  }
}

/** The most a call can take. A token is seldom less than two bytes of text, so half the bytes is an upper bound. */
function most(request: ChatRequest): Usage {
  const bytes = request.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return {
    inputTokens: Math.ceil(bytes / 2) + TOKENS_PER_MESSAGE * request.messages.length,
    cachedInputTokens: 0,
    outputTokens: request.maxOutputTokens ?? UNSAID_OUTPUT_TOKENS,
  };
}
