import { decimals } from '../../internal/format.ts';
import { markdownTable, markdownText } from '../../internal/markdown.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import type { Interval } from '../../metrics/index.ts';
import type { EvaluationResult, TurnLevel } from '../evaluation-result.ts';
import { describeLockDifferences } from '../lock-differences.ts';
import { haveSameCases, matchCases } from '../match-cases.ts';
import { describeDifferentOthers, describePersonal } from '../personal/describe-own-minus-other.ts';
import type { OwnMinusOther } from '../personal/own-minus-other.ts';
import { checkSameRubric } from '../same-rubric.ts';
import { describeBrackets, describeRates, formatInterval } from './describe-intervals.ts';
import { describeCommonScores, describeMissingScores, missingWarnings } from './describe-missing-scores.ts';
import { describeAliasChanges } from './describe-served.ts';
import { describeVariance } from './describe-variance.ts';
import { formatLevel } from './format-level.ts';

/** Options of {@link resultsTable}. */
export interface ResultsTableOptions {
  /**
   * Show own minus other and confidence intervals, and say below the table whether IR and N-IR can be told apart from no
   * improvement and whether each level is personal. With false, only the plain columns of Table 1. Default true.
   */
  readonly intervals?: boolean | undefined;
}

/**
 * Formats results as a Markdown table with the columns of the paper's Table 1, plus own minus other and the number of
 * scores per row. AL(k), average and own minus other have two decimals, rates three; intervals read
 * `3.81 [3.70, 3.92]`. "–" marks a missing number. A level with missing scores shows their number: `4.10 (97/100)`. Notes
 * below the table say whether each level is personal, which scores are missing and what that means for averages and IR, how
 * the locks of other rows differ from that of the first, and what can still be compared.
 *
 * @example
 * ```ts
 * import { readEvaluation, resultsTable } from 'aloe-align';
 *
 * console.log(resultsTable([await readEvaluation('base.json'), await readEvaluation('tuned.json')]));
 * ```
 *
 * @throws InvalidOptionError if an option is unknown, or the results were judged by different rubrics.
 */
export function resultsTable(
  results: readonly EvaluationResult[],
  options: ResultsTableOptions = {},
): string {
  checkKnownOptions<ResultsTableOptions>('resultsTable()', options, { intervals: true });
  return formatResultsTable(resultsTableParts(results, options));
}

/** The parts of a results table as Markdown. */
export function formatResultsTable({ header, rows, notes }: ReturnType<typeof resultsTableParts>): string {
  const table = `${markdownTable(header, rows)}\n`;
  return notes.length === 0 ? table : `${table}\n${notes.join('\n')}\n`;
}

/** Options of {@link resultsTableParts}. */
interface PartsOptions extends ResultsTableOptions {
  /** Also note how the locks of rows differ. Default true. */
  readonly settings?: boolean | undefined;
  /** Makes foreign text safe for the format of the table. Default: Markdown. */
  readonly show?: ((text: string) => string) | undefined;
}

/** The parts of a {@link resultsTable}: a header and a row per result, each with the model first, and the notes. */
export function resultsTableParts(
  results: readonly EvaluationResult[],
  { intervals = true, settings = true, show = markdownText }: PartsOptions,
): {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
} {
  checkSameRubric(results, 'results');
  const turns = Math.max(0, ...results.map(({ lock }) => lock.turns));
  const turnNumbers = Array.from({ length: turns }, (_, index) => index + 1);
  const header = [
    'Model',
    ...turnNumbers.map((k) => `k=${k}`),
    'Average',
    ...(intervals ? ['Own - other'] : []),
    'IR',
    'N-IR',
    'R2',
    'N-R2',
    'Scored',
  ];
  const estimate = (value: number | null | undefined, interval: Interval | null, places: number) =>
    formatEstimate(value, intervals ? interval : null, places);
  const rows = results.map(
    ({
      candidate,
      levels,
      average,
      ownMinusOther,
      improvementRate: improvement,
      normalizedImprovementRate: normalizedImprovement,
      statistics,
    }) => [
      show(candidate.name),
      ...turnNumbers.map((k) => formatLevel(levels[k - 1])),
      estimate(average, statistics.average, 2),
      ...(intervals ? [formatOwnMinusOther(ownMinusOther)] : []),
      estimate(improvement?.slope, statistics.improvementRate, 3),
      decimals(normalizedImprovement?.slope, 3),
      decimals(improvement?.r2, 3),
      decimals(normalizedImprovement?.r2, 3),
      coverage(levels),
    ],
  );
  const missing = results.flatMap((result) =>
    missingWarnings(result, show).map((note) => `${show(result.candidate.name)}: ${note}`),
  );
  const items = [
    ...(intervals
      ? [
          ...describeRates(results, show),
          ...describeVariance(results, show),
          ...describePersonal(results, show),
        ]
      : []),
    ...missing,
    ...(intervals ? describeMissingScores : describeCommonScores)(results, show),
    ...(settings ? describeSettings(results, show) : []),
    ...results.flatMap(describeAliasChanges).map(show),
  ];
  const notes = [...(intervals ? describeBrackets(results) : []), ...items.map((item) => `- ${item}`)];
  return { header, rows, notes };
}

/** `3.81 [3.70, 3.92]` */
function formatEstimate(value: number | null | undefined, interval: Interval | null, places: number): string {
  const isKnown = interval !== null && value !== null && value !== undefined;
  return isKnown ? `${decimals(value, places)} ${formatInterval(interval, places)}` : decimals(value, places);
}

function formatOwnMinusOther(measured: OwnMinusOther | null): string {
  return measured === null ? 'not measured' : formatEstimate(measured.difference, measured.interval, 2);
}

/** How the locks and the other personas of other rows differ from those of the first. */
function describeSettings(results: readonly EvaluationResult[], show: (text: string) => string): string[] {
  const [first] = results;
  return results.flatMap((result) =>
    [...describeLockDifferences(result.lock, first!.lock), ...describeOthers(first!, result)].map(
      (text) => `${show(result.candidate.name)} vs. the first row: ${show(text)}`,
    ),
  );
}

function describeOthers(first: EvaluationResult, result: EvaluationResult): string[] {
  if (!haveSameCases(first, result)) return [];
  const [one, other] = matchCases([first, result]);
  return describeDifferentOthers(one!, other!);
}

function coverage(levels: readonly TurnLevel[]): string {
  const sum = (key: 'scored' | 'asked') => levels.reduce((total, level) => total + level[key], 0);
  return `${sum('scored')}/${sum('asked')}`;
}
