import type { AbilitiesResult } from '../abilities/abilities-result.ts';
import { abilitiesTable, describeAbilities } from '../abilities/describe-abilities.ts';
import { costsTable } from '../evaluation/costs/costs-table.ts';
import { formatResultsTable, resultsTableParts } from '../evaluation/describe/results-table.ts';
import type { EvaluationComparison } from '../evaluation/evaluation-comparison.ts';
import { summarizePersonal } from '../evaluation/personal/describe-own-minus-other.ts';
import { markdownTable, markdownText } from '../internal/markdown.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import type { PairedEstimate } from '../metrics/index.ts';
import { abilitiesComparisons, bothSentences } from './abilities-lines.ts';
import { comparisonsOf } from './adjust-comparisons.ts';
import { comparisonWarnings } from './collect-warnings.ts';
import { costDifferenceRows } from './cost-differences.ts';
import { describeCoverage, describeOutcome } from './describe-outcome.ts';
import { withDistinctNames } from './distinct-names.ts';
import { formatDifference, formatPCell, formatRange } from './format-numbers.ts';
import { rankEvaluations } from './rank-evaluations.ts';
import { checkReportOptions, type ReportOptions } from './report-options.ts';

/**
 * Renders evaluations as Markdown: who is best and by how much, warnings, the columns of the paper's Table 1 with
 * confidence intervals, paired comparisons, and what alignment cost. It has no charts: write those to SVG files and link them.
 *
 * @example
 * ```ts
 * import { readEvaluation } from 'aloe-align';
 * import { renderMarkdownReport } from 'aloe-align/report';
 *
 * const evaluations = await Promise.all(['bare.json', 'tuned.json'].map(readEvaluation));
 * console.log(renderMarkdownReport({ evaluations }));
 * ```
 *
 * @throws InvalidOptionError if there are no evaluations or an option is invalid.
 */
export function renderMarkdownReport(
  options: Pick<ReportOptions, 'evaluations' | 'comparisons' | 'abilities' | 'title'>,
): string {
  checkKnownOptions<typeof options>('A Markdown report', options, {
    evaluations: true,
    comparisons: true,
    abilities: true,
    title: true,
  });
  checkReportOptions({ evaluations: options.evaluations, title: options.title });
  const { title = 'Alignment report' } = options;
  const evaluations = withDistinctNames(options.evaluations ?? []);
  const ranking = rankEvaluations(evaluations);
  const { standings } = ranking;
  const comparisons = comparisonsOf(options, standings);
  // Notes on single candidates are below the table.
  const warnings = comparisonWarnings(standings, comparisons);
  return [
    `# ${markdownText(title)}`,
    [
      describeOutcome(ranking, markdownText),
      ...standings.slice(0, 1).map(({ evaluation }) => summarizePersonal(evaluation, markdownText)),
      describeCoverage(evaluations),
    ]
      .filter((text) => text !== '')
      .join(' '),
    warnings.map((warning) => `- ${markdownText(warning)}`).join('\n'),
    // How settings differ is among the warnings, if all candidates are compared.
    formatResultsTable(
      resultsTableParts(evaluations, { settings: options.comparisons !== undefined }),
    ).trimEnd(),
    comparisonsTable(comparisons),
    evaluations.length === 0 ? '' : costsTable(evaluations),
    costDifferencesTable(comparisons),
    abilitiesPart(options.abilities ?? [], comparisons),
  ]
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('\n');
}

/** General ability: a table, then what became of it and of alignment together. */
function abilitiesPart(
  results: readonly AbilitiesResult[],
  comparisons: readonly EvaluationComparison[],
): string {
  if (results.length === 0) return '';
  const changes = abilitiesComparisons(results);
  return [
    '## General ability',
    abilitiesTable(results),
    ...changes.map(describeAbilities),
    ...bothSentences(changes, comparisons, markdownText),
  ].join('\n\n');
}

function comparisonsTable(comparisons: readonly EvaluationComparison[]): string {
  if (comparisons.length === 0) return '';
  const header = [
    'Comparison',
    'Difference [CI]',
    'p',
    'Better / equal / worse',
    'Own - other [CI]',
    'p',
    'Compared',
  ];
  const rows = comparisons.map(
    ({ first, second, better, equal, worse, coverage, ownMinusOther, ...average }) => [
      `${markdownText(second)} vs. ${markdownText(first)}`,
      ...differenceCells(average),
      `${better} / ${equal} / ${worse}`,
      ...(ownMinusOther === null ? ['not measured', ''] : differenceCells(ownMinusOther)),
      `${coverage.compared}/${coverage.asked}`,
    ],
  );
  return markdownTable(header, rows);
}

function costDifferencesTable(comparisons: readonly EvaluationComparison[]): string {
  const rows = costDifferenceRows(comparisons).map(({ name, by, cells }) => [
    name,
    by,
    ...cells.map(({ value, detail }) => `${value} ${detail}`.trim()),
  ]);
  if (rows.length === 0) return '';
  const names = comparisons.map(({ first, second }) => `${markdownText(second)} vs. ${markdownText(first)}`);
  const header = ['Difference in cost', 'By', ...names];
  return markdownTable(header, rows, 2);
}

function differenceCells({ difference, interval, pValue, adjustedPValue }: PairedEstimate): string[] {
  const adjusted = adjustedPValue === pValue ? '' : ` (adjusted ${formatPCell(adjustedPValue)})`;
  return [
    `${formatDifference(difference, 2)} ${formatRange(interval, 2)}`.trim(),
    `${formatPCell(pValue)}${adjusted}`,
  ];
}
