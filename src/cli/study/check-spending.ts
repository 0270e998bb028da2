import { InvalidOptionError } from '../../errors.ts';
import type { RunEstimate } from '../../estimate/run-estimate.ts';
import { counted } from '../../internal/format.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { priceOf } from '../../runs/spending/prices.ts';

/** Larger runs of paid models need a budget, or `--yes`: at the default sizes they cost hundreds of dollars. */
const MAX_UNASKED_CALLS = 2_000;

/** @throws InvalidOptionError for a large run of paid models without a budget. */
export function checkSpending({ total }: RunEstimate, { config, models }: Pipeline): void {
  const { calls, usd } = total.typical;
  const { usd: maxUsd, tokens } = config.budget ?? {};
  const isPaid = models.some(({ model }) => model.free !== true);
  if (!isPaid || calls <= MAX_UNASKED_CALLS || maxUsd !== undefined || tokens !== undefined) return;
  const dollars = usd === null ? '' : `, about $${usd.toFixed(0)}`;
  throw new InvalidOptionError(
    `This would make about ${counted(calls, 'call')}${dollars}, without a budget.`,
    {
      hint: 'Make it smaller, set a budget (--budget-tokens N), or add --yes.',
    },
  );
}

/** Says why no dollars are shown, if there are prices but one for another model: its id may be mistyped. Empty if all is well. */
export function describeUnpriced({ config: { prices = {} }, models }: Pipeline): string {
  const unpriced = models.filter(
    ({ model }) =>
      model.free !== true && model.mapModels === undefined && priceOf(prices, model.id) === undefined,
  );
  const priced = Object.keys(prices);
  if (priced.length === 0 || unpriced.length === 0) return '';
  const named = (ids: readonly string[]) => ids.map((id) => `"${id}"`).join(', ');
  const missing = named([...new Set(unpriced.map(({ model }) => model.id))]);
  return `No dollars are shown, because prices has no entry for ${missing}, only for ${named(priced)}.`;
}
