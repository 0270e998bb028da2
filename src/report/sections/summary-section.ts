import type { ConversationTree } from '../../conversations/conversation-tree.ts';
import { decisionPoints } from '../../conversations/conversation-tree.ts';
import { averageChart } from '../charts/average-chart.ts';
import { describeCoverage, describeOutcome } from '../describe-outcome.ts';
import { html, type Markup, trustedMarkup } from '../html.ts';
import type { Standing } from '../rank-evaluations.ts';
import { type Section, wide } from './section.ts';

/** What the whole comes to, before any detail. */
export function summarySection(
  standings: readonly Standing[],
  trees: readonly ConversationTree[],
  warnings: readonly string[],
): Section {
  const evaluations = standings.map(({ evaluation }) => evaluation);
  return {
    id: 'summary',
    heading: 'Summary',
    content: html`${evaluations.length === 0 ? null : outcome(standings)}
${trees.length === 0 ? null : html`<p>${describeCorpus(trees)}</p>`}
${warnings.length === 0 ? null : html`<ul class="warnings" aria-label="Warnings">${warnings.map((text) => html`<li>${text}</li>`)}</ul>`}
${evaluations.length < 2 ? null : wide('Average levels', trustedMarkup(averageChart(evaluations)))}`,
  };
}

function outcome(standings: readonly Standing[]): Markup {
  return html`<p class="lead">${describeOutcome(standings)}</p>
<p>${describeCoverage(standings.map(({ evaluation }) => evaluation))}</p>`;
}

function describeCorpus(trees: readonly ConversationTree[]): string {
  const points = trees.reduce((sum, tree) => sum + [...decisionPoints(tree)].length, 0);
  const ended = trees.filter(({ failures }) => failures.length > 0).length;
  const early = ended === 0 ? '' : ` ${ended} of them ended early.`;
  return `The corpus has ${trees.length} conversations with ${points} pairs of responses.${early}`;
}
