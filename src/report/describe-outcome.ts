import type { EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { decimals, oneLine } from '../internal/format.ts';
import { formatPValues, formatRange, formatShare } from './format-numbers.ts';
import type { Standing } from './rank-evaluations.ts';

/**
 * Who is best and by how much. Says "no clear winner" unless the paired difference to the next is significant after
 * adjustment for the number of candidates.
 *
 * @param show Makes a name safe for the format of the report. Default: {@link oneLine}.
 */
export function describeOutcome(
  standings: readonly Standing[],
  show: (name: string) => string = oneLine,
): string {
  const [best, next] = standings;
  if (best === undefined) return '';
  const { candidate, average, statistics } = best.evaluation;
  if (average === null) return 'No response was scored.';
  const name = show(candidate.name);
  const interval = formatRange(statistics.average, 2);
  const percent = 100 * statistics.confidence;
  const level = `${decimals(average, 2)}${interval === '' ? '' : ` (${percent} % CI ${interval})`}`;
  if (next === undefined) return `${name} has an average level of ${level}.`;
  const nextName = show(next.evaluation.candidate.name);
  const { comparison } = next;
  const highest = `${name} has the highest average level, ${level}`;
  if (comparison === null || comparison.difference === null) return `${highest}.`;
  if (comparison.warnings.length > 0) {
    return `${highest}. ${nextName} comes next, but was evaluated with other settings: see the warnings.`;
  }
  const lead = describeLead(comparison, next.evaluation.cases.length);
  if (isClear(comparison, 1 - statistics.confidence)) return `${highest}, ahead of ${nextName} (${lead}).`;
  const nextLevel = decimals(next.evaluation.average, 2);
  return `No clear winner: ${name} averages ${level}, ${nextName} ${nextLevel} (${lead}).`;
}

/** `n = 100 cases, difference 0.25 [0.10, 0.40], p = 0.012`: the paired difference of the best to the next. */
function describeLead(comparison: EvaluationComparison, cases: number): string {
  const { difference, interval } = comparison;
  return [
    `n = ${cases} ${cases === 1 ? 'case' : 'cases'}`,
    `difference ${decimals(difference, 2)} ${formatRange(interval, 2)}`.trim(),
    formatPValues(comparison),
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function isClear({ difference, interval, adjustedPValue }: EvaluationComparison, tolerated: number): boolean {
  return (
    difference !== null &&
    difference > 0 &&
    interval !== null &&
    interval.low > 0 &&
    adjustedPValue !== null &&
    adjustedPValue < tolerated
  );
}

/** How many of the responses that the benchmark asks for have a score. */
export function describeCoverage(evaluations: readonly EvaluationResult[]): string {
  const levels = evaluations.flatMap((evaluation) => evaluation.levels);
  const scored = levels.reduce((sum, level) => sum + level.scored, 0);
  const asked = levels.reduce((sum, level) => sum + level.asked, 0);
  return `${scored} of ${asked} responses were scored (${formatShare(scored, asked)}).`;
}
