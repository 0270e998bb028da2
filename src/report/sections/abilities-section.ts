import type { AbilitiesResult } from '../../abilities/abilities-result.ts';
import { abilityCells, changeCells } from '../../abilities/describe-abilities.ts';
import type { EvaluationComparison } from '../../evaluation/evaluation-comparison.ts';
import { html } from '../../page/html.ts';
import { abilitiesComparisons, bothSentences } from '../abilities-lines.ts';
import { type Section, wide } from './section.ts';

/** General ability of each model, and what changed from the first one. */
export function abilitiesSection(
  results: readonly AbilitiesResult[],
  comparisons: readonly EvaluationComparison[],
): Section {
  const changes = abilitiesComparisons(results);
  const sentences = bothSentences(changes, comparisons);
  const columns = results.map(abilityCells);
  const measures = [...new Set(columns.flat().map(({ measure }) => measure))];
  const table = html`<table>
<caption><span class="caption">What models can do beside alignment, with 95 % confidence intervals. Instructions followed: the share of requests all of whose instructions a response follows, as code checks them.</span></caption>
<thead><tr><th scope="col">Measure</th>${results.map(({ candidate }) => html`<th scope="col"><bdi>${candidate.name}</bdi></th>`)}</tr></thead>
<tbody>
${measures.map(
  (measure) => html`<tr><th scope="row">${measure}</th>${columns.map(
    (cells) => html`<td>${cells.find((cell) => cell.measure === measure)?.value ?? '–'}</td>`,
  )}</tr>
`,
)}</tbody></table>`;
  const differences = changes.flatMap((change) =>
    changeCells(change).map(
      ({ measure, value }) =>
        html`<li><bdi>${change.second}</bdi> - <bdi>${change.first}</bdi>, ${measure}: ${value}</li>`,
    ),
  );
  return {
    id: 'abilities',
    heading: 'General ability',
    content: html`${sentences.map((sentence) => html`<p class="about">${sentence}</p>`)}
${wide('Table of general ability', table)}
${differences.length === 0 ? null : html`<ul aria-label="Differences in general ability">${differences}</ul>`}`,
  };
}
