import { shortNumber } from '../internal/format.ts';
import type { EstimatedAmount, EstimatedRange, RunEstimate } from './estimate.ts';

/** An estimate as a Markdown table: a row for each stage that has calls, expected with low to high, and what it rests on. */
export function describeEstimate(estimate: RunEstimate): string {
  const rows = (['personas', 'conversations', 'evaluation', 'total'] as const)
    .filter((stage) => stage === 'total' || estimate[stage].high.calls > 0)
    .map((stage) => row(stage, estimate[stage]));
  return [
    '| stage | calls | tokens in | of them cached | tokens out | dollars |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...estimate.assumptions.map((assumption) => `- ${assumption}`),
  ].join('\n');
}

function row(stage: string, range: EstimatedRange): string {
  const cells = [
    between(range, ({ calls }) => shortNumber(calls)),
    between(range, ({ usage }) => shortNumber(usage.inputTokens)),
    cachedShare(range.expected),
    between(range, ({ usage }) => shortNumber(usage.outputTokens)),
    between(range, ({ usd }) => (usd === null ? 'unknown' : `$${usd.toFixed(2)}`)),
  ];
  return `| ${[stage, ...cells].join(' | ')} |`;
}

function between({ low, expected, high }: EstimatedRange, show: (amount: EstimatedAmount) => string): string {
  return show(low) === show(high) ? show(expected) : `${show(expected)} (${show(low)} to ${show(high)})`;
}

function cachedShare({ usage }: EstimatedAmount): string {
  const { inputTokens, cachedInputTokens } = usage;
  return inputTokens === 0 ? '0 %' : `${Math.round((100 * cachedInputTokens) / inputTokens)} %`;
}
