import type { EvaluationComparison } from '../evaluation/evaluation-comparison.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { incomparableParts } from '../evaluation/lock-differences.ts';
import { counted, decimals, oneLine } from '../internal/format.ts';
import { formatPValues, formatRange, formatShare } from './format-numbers.ts';
import type { Ranking, RankingBasis, Standing } from './rank-evaluations.ts';

/**
 * Who is best and by how much, and on which responses the averages rest if scores are missing. Says "no clear winner"
 * unless the paired difference to the next is significant after adjustment for the number of candidates.
 *
 * @param show Makes a name safe for the format of the report. Default: {@link oneLine}.
 */
export function describeOutcome(
  { standings, basis }: Ranking,
  show: (name: string) => string = oneLine,
): string {
  const [best, next] = standings;
  if (best === undefined || basis === null) return '';
  if (best.evaluation.average === null) return 'No response was scored.';
  const name = show(best.evaluation.candidate.name);
  if (best.average === null) {
    const { heldBackBy } = basis;
    const without =
      heldBackBy === null ? '' : `; without ${show(heldBackBy.name)}, there are ${heldBackBy.responses}`;
    return `The candidates are not ranked: there is no response that all of them have a score for${without}.`;
  }
  const level = describeLevel(best);
  const isRanked = next !== undefined && next.comparison !== null && next.average !== null;
  const rests = describeBasis(basis, isRanked, show);
  if (next === undefined) return `${name} has an average level of ${level}.${rests}`;
  const nextName = show(next.evaluation.candidate.name);
  if (!isRanked) {
    const why = next.average === null ? 'has no score' : 'has other cases or turns';
    return `${name} has an average level of ${level}. ${nextName} ${why}, so they are not compared.${rests}`;
  }
  const highest = `${name} has the highest average level, ${level}`;
  const comparison = next.comparison!;
  const parts = incomparableParts(best.evaluation.lock, next.evaluation.lock);
  if (parts.length > 0) {
    return `${highest}.${rests} ${nextName} comes next, but their scores are not comparable (different ${parts.join(', ')}): see the warnings.`;
  }
  const lead = describeLead(comparison);
  if (isClear(comparison, 1 - best.evaluation.statistics.confidence)) {
    return `${highest}, ahead of ${nextName} (${lead}).${rests}`;
  }
  const nextLevel = decimals(next.average, 2);
  return `No clear winner: ${name} averages ${level}, ${nextName} ${nextLevel} (${lead}).${rests}`;
}

/** `3.81 (95 % CI [3.70, 3.92])` */
function describeLevel({ evaluation: { statistics }, average, interval }: Standing): string {
  const range = formatRange(interval, 2);
  return `${decimals(average, 2)}${range === '' ? '' : ` (${100 * statistics.confidence} % CI ${range})`}`;
}

/** Empty at full coverage. */
function describeBasis(
  { responses, asked, heldBackBy }: RankingBasis,
  isRanked: boolean,
  show: (name: string) => string,
): string {
  if (responses === asked) return '';
  const whose = isRanked ? 'that all ranked candidates have a score for' : 'that have a score';
  const without = heldBackBy === null ? '' : `; without ${show(heldBackBy.name)}, on ${heldBackBy.responses}`;
  return ` This rests on the ${responses} of ${counted(asked, 'response')} ${whose}${without}.`;
}

/** `n = 100 cases, difference 0.25 [0.10, 0.40], p = 0.012`: the paired difference of the best to the next. */
function describeLead(comparison: EvaluationComparison): string {
  const { difference, interval, cases } = comparison;
  return [
    `n = ${counted(cases, 'case')}`,
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

/** How many of the responses that the benchmark asks for have a score. Empty if none has: the outcome says so. */
export function describeCoverage(evaluations: readonly EvaluationResult[]): string {
  const levels = evaluations.flatMap((evaluation) => evaluation.levels);
  const scored = levels.reduce((sum, level) => sum + level.scored, 0);
  const asked = levels.reduce((sum, level) => sum + level.asked, 0);
  if (scored === 0) return '';
  return `${scored} of ${counted(asked, 'response')} ${asked === 1 ? 'was' : 'were'} scored (${formatShare(scored, asked)}).`;
}
