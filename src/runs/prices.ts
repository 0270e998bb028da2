import * as z from 'zod';
import { InvalidOptionError } from '../errors.ts';
import type { Usage } from '../models/chat-model.ts';

/** What a model's tokens cost, in US dollars per million tokens. */
export interface Price {
  readonly input: number;
  /** Input tokens that the provider had in its cache. Default: as `input`. */
  readonly cachedInput?: number | undefined;
  readonly output: number;
}

/** Prices by model id, as `model.id` gives it. The library ships none: they change, and differ from contract to contract. */
export type Prices = Readonly<Record<string, Price>>;

const rate = z.number().min(0);
const pricesSchema = z.record(
  z.string(),
  z.object({ input: rate, cachedInput: rate.optional(), output: rate }),
);

/** @throws InvalidOptionError naming the price that is none. */
export function checkPrices(prices: Prices): Prices {
  const checked = pricesSchema.safeParse(prices);
  if (checked.success) return prices;
  const { path } = checked.error.issues[0]!;
  throw new InvalidOptionError(
    ['prices', ...path].join('.'),
    'dollars per million tokens: { input, output }',
    prices,
  );
}

/** US dollars for these tokens; null when the model's price is not known. */
export function costOf(usage: Usage, price: Price | undefined): number | null {
  if (price === undefined) return null;
  const fresh = usage.inputTokens - usage.cachedInputTokens;
  const cached = usage.cachedInputTokens * (price.cachedInput ?? price.input);
  return (fresh * price.input + cached + usage.outputTokens * price.output) / 1_000_000;
}
