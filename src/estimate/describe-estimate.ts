import { counted, dollars } from '../internal/format.ts';
import type { EstimatedAmount, RunEstimate } from './run-estimate.ts';

/**
 * The total of an estimate as one line: `Estimate: 96 model calls, 61k tokens (43k-108k). Cached calls are free.` With a run
 * that holds answers: `Estimate: 1.6k calls stored, 96 to buy (90 of them again), 61k tokens (43k-108k), $0.12.`
 */
export function describeEstimate({ total }: RunEstimate): string {
  const { low, typical, high } = total;
  const range = (show: (amount: EstimatedAmount) => string, unit = '') =>
    `${show(typical)}${unit}${show(low) === show(high) ? '' : ` (${show(low)}-${show(high)})`}`;
  const { calls, stored, rebought } = typical;
  if (calls === 0 && stored > 0) return `Estimate: all ${short(stored)} calls are stored. Nothing to buy.`;
  const isNew = stored === 0 && rebought === 0;
  const again = rebought === 0 ? '' : ` (${rebought === calls ? 'all' : `${short(rebought)} of them`} again)`;
  const parts = [
    ...(isNew
      ? [counted(calls, 'model call', short)]
      : [`${counted(stored, 'call', short)} stored`, `${short(calls)} to buy${again}`]),
    range(({ usage }) => short(usage.inputTokens + usage.outputTokens), ' tokens'),
    ...(high.usd === null || high.usd === 0 ? [] : [range(({ usd }) => dollars(usd!))]),
  ];
  return `Estimate: ${parts.join(', ')}.${isNew ? ' Cached calls are free.' : ''}${describeRounds(typical)}`;
}

function describeRounds({ rounds }: EstimatedAmount): string {
  if (rounds === 0) return '';
  return rounds === 1
    ? ' It waits for one batch, which may take up to 24 hours.'
    : ` It waits for about ${short(rounds)} batches, one after the other, and each may take up to 24 hours.`;
}

function short(count: number): string {
  return count.toLocaleString('en', { notation: 'compact' }).replace('K', 'k');
}
