import { writeFileAtomic } from '../internal/write-file.ts';
import { html, type Markup, plainText } from '../page/html.ts';
import { renderSinglePage } from '../page/single-page.ts';
import { THEME_DECLARATIONS } from '../page/theme.ts';
import { comparisonsOf } from './adjust-comparisons.ts';
import { CHART_STYLE } from './charts/draw-chart.ts';
import { collectConversations } from './collect-conversations.ts';
import { candidateWarnings, comparisonWarnings } from './collect-warnings.ts';
import { withDistinctNames } from './distinct-names.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './page-assets.ts';
import { rankEvaluations } from './rank-evaluations.ts';
import { checkReportOptions, evaluationsOf, type ReportOptions } from './report-options.ts';
import { abilitiesSection } from './sections/abilities-section.ts';
import { comparisonsSection } from './sections/comparisons-section.ts';
import { costsSection } from './sections/costs-section.ts';
import { dataSection } from './sections/data-section.ts';
import { heatMapsSection } from './sections/heat-maps-section.ts';
import { levelsSection } from './sections/levels-section.ts';
import { pairsSection } from './sections/pairs-section.ts';
import { paperSection } from './sections/paper-section.ts';
import { poolSection } from './sections/pool-section.ts';
import { readerSection } from './sections/reader-section.ts';
import { resultsSection } from './sections/results-section.ts';
import { renderSection, type Section } from './sections/section.ts';
import { settingsSection } from './sections/settings-section.ts';
import { summarySection } from './sections/summary-section.ts';
import { trainingSection } from './sections/training-section.ts';
import { transcripts } from './sections/transcripts.ts';
import { usersSection } from './sections/users-section.ts';

/**
 * Renders a report as a self-contained HTML page: a summary, tables, charts, and a reader for every conversation. The
 * page opens from disk and makes no network requests. Text written by models is never interpreted as markup. Output is
 * deterministic.
 *
 * @throws InvalidOptionError if there is nothing to report on or an option is invalid.
 */
export function renderReport(options: ReportOptions): string {
  checkReportOptions(options);
  const { byModel, conversations = [], data, training = [], pool, title = 'Alignment report' } = options;
  const { abilities = [] } = options;
  const evaluations = withDistinctNames(evaluationsOf(options));
  const ranking = rankEvaluations(evaluations);
  const { standings } = ranking;
  const comparisons = comparisonsOf(options, standings);
  const warnings = [...candidateWarnings(standings), ...comparisonWarnings(standings, comparisons)];
  const isEvaluated = evaluations.length > 0;
  const isOnlyOthers = pool !== undefined || abilities.length > 0;
  const hasSummary = !isOnlyOthers || isEvaluated || conversations.length > 0;
  const sections = [
    hasSummary && summarySection(ranking, conversations, warnings),
    isEvaluated && resultsSection(evaluations),
    byModel !== undefined && paperSection(byModel),
    comparisons.length > 0 && comparisonsSection(comparisons, evaluations),
    isEvaluated && levelsSection(evaluations),
    isEvaluated && costsSection(evaluations, comparisons),
    abilities.length > 0 && abilitiesSection(abilities, comparisons),
    isEvaluated && heatMapsSection(evaluations),
    isEvaluated && usersSection(evaluations),
    training.length > 0 && trainingSection(training),
    pool !== undefined && poolSection(pool),
    conversations.length > 0 && pairsSection(conversations),
    data !== undefined && dataSection(data),
    (isEvaluated || conversations.length > 0) && readerSection(transcripts(evaluations, conversations)),
    isEvaluated && settingsSection(evaluations),
  ].filter((section) => section !== false);
  return renderSinglePage({
    title: plainText(title),
    body: renderBody(title, sections).markup,
    styles: [`:root { ${THEME_DECLARATIONS} }\n${PAGE_STYLE}`, CHART_STYLE],
    scripts: [PAGE_SCRIPT],
    data: { 'report-data': collectConversations(evaluations, conversations) },
  });
}

/**
 * Renders a report with {@link renderReport} and writes it to a file atomically. Missing directories are created.
 *
 * @example
 * ```ts
 * import { readEvaluation } from 'aloe-align';
 * import { writeReport } from 'aloe-align/report';
 *
 * const evaluations = await Promise.all(['bare.json', 'tuned.json'].map(readEvaluation));
 * await writeReport({ evaluations }, 'report.html');
 * ```
 *
 * @throws InvalidOptionError as {@link renderReport}, before anything is written.
 */
export async function writeReport(options: ReportOptions, path: string): Promise<void> {
  await writeFileAtomic(path, renderReport(options));
}

function renderBody(title: string, sections: readonly Section[]): Markup {
  return html`<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>${title}</h1>
<button type="button" id="theme-toggle" class="quiet">Dark colours</button>
</header>
<nav aria-label="Sections"><ul>
${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}
</ul></nav>
<main id="main" tabindex="-1">
${sections.map(renderSection)}
</main>`;
}
