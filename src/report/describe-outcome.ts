import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { decimals, oneLine } from '../internal/format.ts';
import { formatPValue, formatRange, formatShare } from './format-numbers.ts';
import type { Standing } from './rank-evaluations.ts';

/** Who is best and by how much, in words that say no more than the intervals allow. */
export function describeOutcome(standings: readonly Standing[]): string {
  const [best, next] = standings;
  if (best === undefined) return '';
  const { candidate, average, statistics } = best.evaluation;
  if (average === null) return 'No response was scored.';
  const name = oneLine(candidate.name);
  const interval = formatRange(statistics.average, 2);
  const percent = 100 * statistics.confidence;
  const level = `${decimals(average, 2)}${interval === '' ? '' : ` (${percent} % interval ${interval})`}`;
  if (next === undefined) return `${name} reaches an average level of ${level}.`;
  const place =
    next.evaluation.average === average
      ? `${name} and ${oneLine(next.evaluation.candidate.name)} share the highest average level`
      : `${name} has the highest average level`;
  return [`${place}, ${level}.`, describeLead(next, 1 - statistics.confidence)].join(' ').trim();
}

/** What the best has over the next. */
function describeLead({ comparison, evaluation }: Standing, tolerated: number): string {
  if (comparison === null || comparison.difference === null) return '';
  const name = oneLine(evaluation.candidate.name);
  if (comparison.warnings.length > 0) return `${name}, the next, was evaluated otherwise: see the warnings.`;
  const { difference, interval, pValue } = comparison;
  const numbers = [formatRange(interval, 2), formatPValue(pValue)].filter((text) => text !== '').join(', ');
  const behind = numbers === '' ? '' : ` (${numbers})`;
  const count = evaluation.cases.length;
  const cases = count === 1 ? 'On the same case' : `On the same ${count} cases`;
  if (difference <= 0) {
    return `${cases} it is not ahead of ${name}, the next: difference ${decimals(difference, 2)}${behind}.`;
  }
  const isClear = interval !== null && interval.low > 0 && pValue !== null && pValue < tolerated;
  const doubt = isClear ? '' : ', too little to say which of the two is better';
  return `${cases} it is ${decimals(difference, 2)} above ${name}, the next${behind}${doubt}.`;
}

/** How much of what was asked for stands behind the numbers. */
export function describeCoverage(evaluations: readonly EvaluationResult[]): string {
  const levels = evaluations.flatMap((evaluation) => evaluation.levels);
  const scored = levels.reduce((sum, level) => sum + level.scored, 0);
  const asked = levels.reduce((sum, level) => sum + level.asked, 0);
  return `${scored} of ${asked} responses have a score (${formatShare(scored, asked)}).`;
}
