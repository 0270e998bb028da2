import { counted, decimals } from '../internal/format.ts';
import type { CommonScores } from './common-scores.ts';
import { formatInterval } from './describe-intervals.ts';
import type { Dropout } from './dropout.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { formatReasons, missingScores } from './missing-scores.ts';

/** On how many responses a comparison rests, what each side lacks, and whether that biases it. Empty at full coverage. */
export function describeComparisonCoverage(
  { responses, asked, cases, people }: CommonScores,
  first: EvaluationResult,
  second: EvaluationResult,
  dropout: Dropout | null,
): string[] {
  if (responses === asked) return [];
  const basis = `Compared on ${responses} of ${counted(asked, 'response')}, in ${cases} of ${counted(people.length, 'case')}`;
  return [
    `${basis}: ${describeLack(first)}, ${describeLack(second)}.`,
    ...(dropout === null ? [] : describeBias(dropout, second)),
  ];
}

function describeLack(result: EvaluationResult): string {
  const { responses, reasons } = missingScores(result);
  const lack = responses === 0 ? 'none' : `${responses} (${formatReasons(reasons)})`;
  return `${result.candidate.name} lacks ${lack}`;
}

function describeBias(
  { cases, difference, pValue, withinCases }: Dropout,
  { candidate, lock }: EvaluationResult,
): string[] {
  if (difference === null || pValue === null || pValue >= 0.05) return [];
  const [amount, effect] = difference < 0 ? ['less', 'high'] : ['more', 'low'];
  const p = pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toFixed(3)}`;
  const range = withinCases?.interval ? ` ${formatInterval(withinCases.interval, 3)}` : '';
  const rate =
    withinCases === null ? '' : ` Difference in IR within cases: ${decimals(withinCases.slope, 3)}${range}.`;
  return [
    `Scores are not missing at random: before their scores stopped, ${cases} ${lock.repeats > 1 ? 'simulations' : 'cases'} favoured ${candidate.name} by ${decimals(Math.abs(difference), 2)} points ${amount} than those that went on (${p}). The difference is too ${effect}.${rate}`,
  ];
}
