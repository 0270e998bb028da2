import { counted, decimals } from '../../internal/format.ts';
import type { CommonScores } from '../common-scores.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import type { Dropout } from '../measures/dropout.ts';
import { formatReasons, missingScores } from '../missing-scores.ts';
import { formatInterval } from './describe-intervals.ts';

const BASIS = 'Compared on ';

/** Whether a warning only says on how many responses a comparison rests, which a table can show better. */
export function isBasisNote(warning: string): boolean {
  return warning.startsWith(BASIS);
}

/** On how many responses a comparison rests, what each side lacks, and whether that biases it. Empty at full coverage. */
export function describeComparisonCoverage(
  { responses, asked, cases, people }: CommonScores,
  first: EvaluationResult,
  second: EvaluationResult,
  dropout: Dropout | null,
): string[] {
  if (responses === asked) return [];
  const basis = `${BASIS}${responses} of ${counted(asked, 'response')}, in ${cases} of ${counted(people.length, 'case')}`;
  const lacks = [first, second].flatMap(describeLack);
  const why = lacks.length === 0 ? 'other candidates of the ranking lack the rest' : lacks.join(', ');
  return [`${basis}: ${why}.`, ...(dropout === null ? [] : describeBias(dropout, second))];
}

function describeLack(result: EvaluationResult): string[] {
  const { responses, reasons } = missingScores(result);
  return responses === 0 ? [] : [`${result.candidate.name} lacks ${responses} (${formatReasons(reasons)})`];
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
    `Scores are not missing at random: the ${cases} ${lock.repeats > 1 ? 'simulations' : 'cases'} that drop out of the comparison had favoured ${candidate.name} by ${decimals(Math.abs(difference), 2)} points ${amount} than those that stay (${p}). The difference is too ${effect}.${rate}`,
  ];
}
