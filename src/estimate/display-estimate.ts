import { displayed } from '../internal/displayed.ts';
import { shortNumber } from '../internal/format.ts';
import { markdownTable, markdownText } from '../internal/markdown.ts';
import { describeEstimate } from './describe-estimate.ts';
import type { RunEstimate } from './run-estimate.ts';

/** An estimate that `console.log` and notebooks show as its total and what each role takes. */
export function displayEstimate(estimate: RunEstimate): RunEstimate {
  return displayed(estimate, (shown) => `${describeEstimate(shown)}\n\n${roleTable(shown)}\n`);
}

function roleTable({ roles }: RunEstimate): string {
  return markdownTable(
    ['Role', 'Calls', 'Input tokens', 'Output tokens', 'US dollars'],
    Object.entries(roles).map(([role, { calls, usage, usd }]) => [
      markdownText(role),
      shortNumber(calls),
      shortNumber(usage.inputTokens),
      shortNumber(usage.outputTokens),
      usd === null ? 'no price' : usd.toFixed(2),
    ]),
  );
}
