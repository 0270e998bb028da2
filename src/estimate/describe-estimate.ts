import type { EstimatedAmount, RunEstimate } from './estimate-run.ts';

/** The total of an estimate as one line: `Estimate: 96 model calls, 61k tokens (43k-108k). Cached calls are free.` */
export function describeEstimate({ total }: RunEstimate): string {
  const { low, typical, high } = total;
  const range = (show: (amount: EstimatedAmount) => string, unit = '') =>
    `${show(typical)}${unit}${show(low) === show(high) ? '' : ` (${show(low)}-${show(high)})`}`;
  const parts = [
    `${short(typical.calls)} model ${typical.calls === 1 ? 'call' : 'calls'}`,
    range(({ usage }) => short(usage.inputTokens + usage.outputTokens), ' tokens'),
    ...(typical.usd === null ? [] : [range(({ usd }) => `$${usd?.toFixed(2)}`)]),
  ];
  return `Estimate: ${parts.join(', ')}. Cached calls are free.`;
}

function short(count: number): string {
  return count.toLocaleString('en', { notation: 'compact' }).replace('K', 'k');
}
