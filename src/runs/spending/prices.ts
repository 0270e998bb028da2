import * as z from 'zod';
import { InvalidOptionError } from '../../errors.ts';
import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import type { Usage } from '../../models/chat-model.ts';

/** What a model costs, in US dollars per million tokens. */
export interface Price {
  /** Input tokens that were not cached. */
  readonly input: number;
  /** Input tokens that the provider found in its cache. Default: the same as `input`. */
  readonly cachedInput?: number | undefined;
  /** Output tokens. */
  readonly output: number;
  /** Share that is taken off calls in batches, from 0 to 1. Default 0.5, as at OpenAI. */
  readonly batchDiscount?: number | undefined;
}

/** Prices by model id (`model.id`). None are built in, since they change and depend on your contract. */
export type Prices = Readonly<Record<string, Price>>;

const dollars = z.number().min(0);
const pricesSchema = z.record(
  z.string(),
  z.object({
    input: dollars,
    cachedInput: dollars.optional(),
    output: dollars,
    batchDiscount: z.number().min(0).max(1).optional(),
  }),
);

/** @throws InvalidOptionError naming the first invalid price. */
export function checkPrices(prices: Prices): Prices {
  const checked = pricesSchema.safeParse(prices);
  if (checked.success) {
    for (const [model, price] of Object.entries(prices)) {
      refuseUnknownOptions(`prices["${model}"]`, price, ['input', 'cachedInput', 'output', 'batchDiscount']);
    }
    return prices;
  }
  const { path } = checked.error.issues[0]!;
  throw new InvalidOptionError(
    ['prices', ...path].join('.'),
    path.at(-1) === 'batchDiscount'
      ? 'a number from 0 to 1'
      : 'US dollars per million tokens, as { input, output }',
    prices,
  );
}

const BATCH_DISCOUNT = 0.5;

/** The price of a model, if it has one. Its id may be `constructor`. */
export function priceOf(prices: Prices, model: string): Price | undefined {
  return Object.hasOwn(prices, model) ? prices[model] : undefined;
}

/** US dollars for these tokens, or null without a price. */
export function costOf(usage: Usage, price: Price | undefined, isInBatch = false): number | null {
  if (price === undefined) return null;
  const share = isInBatch ? 1 - (price.batchDiscount ?? BATCH_DISCOUNT) : 1;
  const fresh = usage.inputTokens - usage.cachedInputTokens;
  const cached = usage.cachedInputTokens * (price.cachedInput ?? price.input);
  return (share * (fresh * price.input + cached + usage.outputTokens * price.output)) / 1_000_000;
}
