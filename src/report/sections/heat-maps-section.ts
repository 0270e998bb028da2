import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { html, trustedMarkup } from '../../page/html.ts';
import { scoreHeatMap } from '../charts/score-heat-map.ts';
import { type Section, wide } from './section.ts';

const SCORES = [1, 2, 3, 4, 5] as const;

/** One heat map of scores per candidate, all with the cases in the same order. */
export function heatMapsSection(evaluations: readonly EvaluationResult[]): Section {
  const maps = evaluations.map(
    (evaluation, index) => html`<h3><bdi>${evaluation.candidate.name}</bdi></h3>
${wide(
  `Heat map of ${evaluation.candidate.name}`,
  html`<div class="heat-map" data-candidate="${index}">${trustedMarkup(scoreHeatMap(evaluation))}</div>`,
)}`,
  );
  return {
    id: 'heat-maps',
    heading: 'Scores by case and turn',
    content: html`<p class="note">Every score: one column per simulation of a case, one row per turn. A dark orange column is a user whom the candidate did not suit. Select a cell to read its conversation.</p>
<ul class="key">
${SCORES.map((score) => html`<li><span class="score-${score}"></span>${score}</li>`)}
<li><span class="missing"></span>no score</li>
</ul>
${maps}`,
  };
}
