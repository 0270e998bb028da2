import type { EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import type { EvaluationData } from '../evaluation/evaluation-result.ts';
import { decimals } from '../internal/format.ts';
import { formatPValue, formatRange, formatShare } from './format-numbers.ts';
import type { Standing } from './rank-evaluations.ts';

/** Who is best and by how much, in words that say no more than the intervals allow. */
export function describeOutcome(standings: readonly Standing[]): string {
  const [best, second] = standings;
  if (best === undefined) return '';
  const { candidate, average, statistics } = best.evaluation;
  if (average === null) return 'No response was scored.';
  const confidence = `${100 * statistics.confidence} % interval`;
  const interval = formatRange(statistics.average, 2);
  const level = `${decimals(average, 2)}${interval === '' ? '' : ` (${confidence} ${interval})`}`;
  if (second === undefined) return `${candidate.name} reaches an average level of ${level}.`;
  return [
    `${candidate.name} has the highest average level, ${level}.`,
    second.comparison === null
      ? ''
      : describeLead(second.comparison, second.evaluation, 1 - statistics.confidence),
  ]
    .join(' ')
    .trim();
}

function describeLead(
  { difference, interval, pValue }: EvaluationComparison,
  { candidate, cases }: EvaluationData,
  tolerated: number,
): string {
  if (difference === null) return '';
  const numbers = [formatRange(interval, 2), formatPValue(pValue)].filter((text) => text !== '');
  const stated = `${decimals(difference, 2)} above ${candidate.name}, the next, on the same ${cases.length} cases`;
  const behind = numbers.length === 0 ? '' : ` (${numbers.join(', ')})`;
  const isClear = interval !== null && interval.low > 0 && pValue !== null && pValue < tolerated;
  return isClear
    ? `That is ${stated}${behind}.`
    : `That is ${stated}${behind}: too little to say which of the two is better.`;
}

/** How much of what was asked for stands behind the numbers. */
export function describeCoverage(evaluations: readonly EvaluationData[]): string {
  const levels = evaluations.flatMap((evaluation) => evaluation.levels);
  const scored = levels.reduce((sum, level) => sum + level.scored, 0);
  const asked = levels.reduce((sum, level) => sum + level.asked, 0);
  return `${scored} of ${asked} responses have a score (${formatShare(scored, asked)}).`;
}
