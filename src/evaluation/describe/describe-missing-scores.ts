import { counted, decimals, oneLine } from '../../internal/format.ts';
import { alignmentLevels, averageLevel } from '../../metrics/index.ts';
import { commonScores, wellCovered } from '../common-scores.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { haveSameCases } from '../match-cases.ts';
import { describeMissing } from '../missing-scores.ts';
import { describeMissingOthers } from '../personal/missing-others.ts';
import { describeWithinCases, dropoutWarning } from './describe-dropout.ts';

/**
 * What to know about the missing scores of one result, and about responses that were cut off or have a warning, before
 * reading its numbers.
 *
 * @param show Makes foreign text safe for the format of the notes. Default: {@link oneLine}.
 */
export function missingWarnings(
  result: EvaluationResult,
  show: (text: string) => string = oneLine,
): string[] {
  const dropout = dropoutWarning(result);
  return [
    ...describeMissing(result),
    ...describeMissingOthers(result),
    ...describeTruncated(result),
    ...describeWarned(result, show),
    ...(dropout === null ? [] : [dropout]),
  ];
}

function describeTruncated({ cases }: EvaluationResult): string[] {
  const turns = cases.flatMap((played) => played.turns);
  const { length } = turns.filter(({ truncated }) => truncated);
  if (length === 0) return [];
  return [
    `Cut off at the token limit: ${length} of ${counted(turns.length, 'response')}, judged as they stand. Raise responses.maxOutputTokens, or the limit of the server.`,
  ];
}

function describeWarned({ cases }: EvaluationResult, show: (text: string) => string): string[] {
  const turns = cases.flatMap((played) => played.turns);
  const warnings = turns.flatMap(({ warning }) => warning ?? []);
  if (warnings.length === 0) return [];
  return [
    `With a warning: ${warnings.length} of ${counted(turns.length, 'response')}. The first: ${show(warnings[0]!)}`,
  ];
}

/**
 * What numbers to use instead where scores are missing: the IR within cases, and the averages over the responses that all
 * results have a score for.
 *
 * @param show Makes a name safe for the format of the notes. Default: {@link oneLine}.
 */
export function describeMissingScores(
  results: readonly EvaluationResult[],
  show: (name: string) => string = oneLine,
): string[] {
  const rates = results.flatMap((result) =>
    describeWithinCases(result).map((note) => `${show(result.candidate.name)}: ${note}`),
  );
  return [...rates, ...describeCommonScores(results, show)];
}

/**
 * A note with the averages over the responses that all results have a score for, without results that have too few to be
 * compared. Empty if every result has every score, or
 * if the results have different cases or turns.
 *
 * @param show Makes a name safe for the format of the note. Default: {@link oneLine}.
 */
export function describeCommonScores(
  results: readonly EvaluationResult[],
  show: (name: string) => string = oneLine,
): string[] {
  const scored = results.filter(({ average }) => average !== null);
  const [first] = scored;
  if (first === undefined || scored.length < 2) return [];
  if (!scored.every((result) => haveSameCases(first, result))) return [];
  const covered = wellCovered(scored);
  const common = commonScores(covered);
  const names = (shown: readonly EvaluationResult[]) =>
    shown.map(({ candidate }) => show(candidate.name)).join(', ');
  const thin = scored.filter((result) => !covered.includes(result));
  const aside =
    thin.length === 0 ? '' : ` Do not compare ${names(thin)}: fewer than half as many scores as others.`;
  if (common.responses === common.asked) {
    return thin.length === 0 ? [] : [`The rows rest on different responses.${aside}`];
  }
  if (common.responses === 0) {
    return [
      'The rows rest on different responses, and no response has a score in all of them: do not compare them.',
    ];
  }
  const whose = thin.length === 0 ? 'all' : `${names(covered)} all`;
  const averages = common.tables.map(
    (table, index) =>
      `${show(covered[index]!.candidate.name)} ${decimals(averageLevel(alignmentLevels(table)), 2)}`,
  );
  return [
    `The rows rest on different responses.${aside} Averages over the ${common.responses} of ${counted(common.asked, 'response')} that ${whose} have a score for: ${averages.join(', ')}.`,
  ];
}
