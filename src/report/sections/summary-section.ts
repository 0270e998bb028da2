import type { ConversationTree } from '../../conversations/conversation-tree.ts';
import { decisionPoints } from '../../conversations/conversation-tree.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { summarizePersonal } from '../../evaluation/personal/describe-own-minus-other.ts';
import { html, type Markup, trustedMarkup } from '../../page/html.ts';
import { averageChart } from '../charts/average-chart.ts';
import { describeCoverage, describeOutcome } from '../describe-outcome.ts';
import type { Ranking, Standing } from '../rank-evaluations.ts';
import type { Section } from './section.ts';

/** The outcome in brief, before any detail. */
export function summarySection(
  ranking: Ranking,
  trees: readonly ConversationTree[],
  warnings: readonly string[],
): Section {
  const evaluations = ranking.standings.map(onBasis);
  return {
    id: 'summary',
    heading: 'Summary',
    content: html`${evaluations.length === 0 ? null : outcome(evaluations, describeOutcome(ranking))}
${trees.length === 0 ? null : html`<p>${describeCorpus(trees)}</p>`}
${warnings.length === 0 ? null : html`<ul class="warnings" aria-label="Warnings">${warnings.map((text) => html`<li>${text}</li>`)}</ul>`}`,
  };
}

/** The evaluation with the average that it is ranked by, for the chart. */
function onBasis({ evaluation, average, interval }: Standing): EvaluationResult {
  return { ...evaluation, average, statistics: { ...evaluation.statistics, average: interval } };
}

function outcome(evaluations: readonly EvaluationResult[], lead: string): Markup {
  return html`<p class="lead">${lead}</p>
${evaluations.length < 2 ? null : html`<div class="chart">${trustedMarkup(averageChart(evaluations))}</div>`}
<p>${[summarizePersonal(evaluations[0]!), describeCoverage(evaluations)].filter((text) => text !== '').join(' ')}</p>`;
}

function describeCorpus(trees: readonly ConversationTree[]): string {
  const points = trees.reduce((sum, tree) => sum + [...decisionPoints(tree)].length, 0);
  const ended = trees.filter(({ failures }) => failures.length > 0).length;
  const early = ended === 0 ? '' : ` ${ended} of them ended early.`;
  return `The corpus has ${trees.length} conversations with ${points} response pairs.${early}`;
}
