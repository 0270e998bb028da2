import { counted, decimals } from '../internal/format.ts';
import { markdownText } from '../internal/markdown.ts';
import { alignmentLevels, averageLevel } from '../metrics/index.ts';
import { commonScores } from './common-scores.ts';
import { describeDropout } from './describe-dropout.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { haveSameCases } from './match-cases.ts';
import { describeMissing } from './missing-scores.ts';

/**
 * Markdown lines on which scores are missing, and what the numbers of each result and of all results rest on.
 *
 * @param intervals Whether to include estimates with confidence intervals. Default true.
 */
export function describeMissingScores(results: readonly EvaluationResult[], intervals = true): string[] {
  const notes = results.flatMap((result) =>
    [...describeMissing(result), ...(intervals ? describeDropout(result) : [])].map(
      (note) => `- ${markdownText(result.candidate.name)}: ${note}`,
    ),
  );
  return [...notes, ...describeCommonScores(results)];
}

/**
 * A Markdown line with the averages over the responses that all results have a score for. Empty if every result has
 * every score, or if the results have different cases or turns.
 */
function describeCommonScores(results: readonly EvaluationResult[]): string[] {
  const scored = results.filter(({ average }) => average !== null);
  const [first] = scored;
  if (first === undefined || scored.length < 2) return [];
  if (!scored.every((result) => haveSameCases(first, result))) return [];
  const common = commonScores(scored);
  if (common.responses === common.asked) return [];
  if (common.responses === 0) {
    return [
      '- The rows rest on different responses, and no response has a score in all of them: do not compare them.',
    ];
  }
  const averages = common.tables.map(
    (table, index) =>
      `${markdownText(scored[index]!.candidate.name)} ${decimals(averageLevel(alignmentLevels(table)), 2)}`,
  );
  return [
    `- The rows rest on different responses. Averages over the ${common.responses} of ${counted(common.asked, 'response')} that all have a score for: ${averages.join(', ')}.`,
  ];
}
