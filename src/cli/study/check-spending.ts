import { InvalidOptionError } from '../../errors.ts';
import type { RunEstimate } from '../../estimate/run-estimate.ts';
import { counted } from '../../internal/format.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';

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
