import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { html, trustedMarkup } from '../../page/html.ts';
import { alignmentChart } from '../charts/alignment-chart.ts';
import { levelDomain } from '../charts/level-domain.ts';
import { revelationChart } from '../charts/revelation-chart.ts';
import type { Section } from './section.ts';

/** AL(k) of each candidate, with the revelation curve of its users below. */
export function levelsSection(evaluations: readonly EvaluationResult[]): Section {
  const domain = levelDomain(evaluations);
  const panels = evaluations.map(
    (evaluation) => html`<div>${trustedMarkup(alignmentChart([evaluation], { domain }))}
${evaluation.revelation === null ? null : trustedMarkup(revelationChart([evaluation]))}</div>
`,
  );
  return {
    id: 'levels',
    heading: 'Alignment level by turn',
    content: html`<p class="about">A line that rises means that the candidate suits its users better the longer they talk. Where the share of the persona that users have revealed is shown below, it says how much there was to go by.</p>
<p class="note">AL(k) with its ${100 * evaluations[0]!.statistics.confidence} % confidence band, and the fitted line, whose slope is IR. Dotted: the same responses judged for another persona; the closer it is, the less personal the level. All panels share the same axes.${describeGaps(evaluations)}</p>
<div class="panels">${panels}</div>`,
  };
}

function describeGaps(evaluations: readonly EvaluationResult[]): string {
  return evaluations.every(({ dropout }) => dropout === null)
    ? ''
    : ' Where scores are missing, turns rest on different cases: see the notes on results.';
}
