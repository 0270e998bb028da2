import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { html, trustedMarkup } from '../../page/html.ts';
import { scoreHeatMap } from '../charts/score-heat-map.ts';
import { type Section, wide } from './section.ts';

const SCORES = [1, 2, 3, 4, 5] as const;

/** Every score at a glance, one map a candidate, the cases in the same order. */
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
    heading: 'Case by turn',
    content: html`<p class="note">A column a case, a row a turn. Choose a cell to read its conversation.</p>
<ul class="key">
${SCORES.map((score) => html`<li><span class="score-${score}"></span>${score}</li>`)}
<li><span class="missing"></span>no score</li>
</ul>
${maps}`,
  };
}
