import { decimals } from '../../internal/format.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { formatInterval } from './describe-intervals.ts';

/** A sentence on the IR that does not depend on which cases go missing. Empty if no score is missing. */
export function describeWithinCases({ dropout, improvementRate }: EvaluationResult): string[] {
  if (dropout === null || improvementRate === null) return [];
  const rate = dropout.withinCases;
  if (rate === null) return ['IR within cases: cannot be estimated, since no cases link the turns.'];
  const range = rate.interval === null ? '' : ` ${formatInterval(rate.interval, 3)}`;
  return [
    `IR within cases, which does not depend on which cases go missing: ${decimals(rate.slope, 3)}${range}. The IR in the table is the slope of AL(k).`,
  ];
}

/** A warning if the cases whose scores stop were higher or lower than the others before (p below 0.05); else null. */
export function dropoutWarning({ dropout, lock }: Pick<EvaluationResult, 'dropout' | 'lock'>): string | null {
  if (dropout === null) return null;
  const { cases, difference, pValue, withinCases } = dropout;
  if (difference === null || pValue === null || pValue >= 0.05) return null;
  const size = `${decimals(Math.abs(difference), 2)} points ${difference < 0 ? 'lower' : 'higher'}`;
  const p = pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toFixed(3)}`;
  return [
    `Scores are not missing at random: before their scores stopped, ${cases} ${lock.repeats > 1 ? 'simulations' : 'cases'} were ${size} than those that went on (${p}).`,
    `This makes later levels, the average and IR too ${difference < 0 ? 'high' : 'low'}.`,
    withinCases === null ? 'Do not rely on IR.' : 'Use the IR within cases.',
  ].join(' ');
}
