import { counted } from '../../internal/format.ts';
import { html, type Markup } from '../../page/html.ts';
import { DROP_SENTENCES } from '../../preferences/drop-reasons.ts';
import type { ExportedRecord } from '../../preferences/preference-file.ts';
import { type DataQuality, KIND_NAMES, qualityOf, qualityRows } from '../../preferences/quality.ts';
import type { DroppedRecords } from '../../preferences/read-dropped.ts';
import { describeVerification } from '../../verification/describe-verification.ts';
import type { ReportedData } from '../report-options.ts';
import { type Section, wide } from './section.ts';
import { verdictNote } from './verdict-note.ts';

/** What became of the decision points, by rule, with records that were left out. */
export function dataSection({ manifest, dropped = [] }: ReportedData): Section {
  // Earlier versions counted, and made no table.
  const quality = manifest.quality ?? { kinds: qualityOf(manifest.formats) };
  return {
    id: 'data',
    heading: 'Training data',
    content: html`<p class="about">Not every pair is worth training on. Rules leave out what would teach something else than the user's preferences, and count it.</p>
${wide('Training data', qualityTable(quality))}
${quality.verdicts === undefined ? null : html`<p class="note">${describeVerification(quality.verdicts)}</p>`}
${manifest.warnings.length === 0 ? null : html`<ul class="warnings">${manifest.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`}
${dropped.map(reasonDetails)}`,
  };
}

function qualityTable(quality: DataQuality): Markup {
  return html`<table>
<caption><span class="caption">What became of the decision points, in the order in which the rules are asked.</span></caption>
<thead><tr><th scope="col"></th><th scope="col" class="text">Meaning</th>${quality.kinds.map(({ kind }) => html`<th scope="col">${KIND_NAMES[kind]}</th>`)}</tr></thead>
<tbody>${qualityRows(quality).map(
    ({ name, meaning, counts }) =>
      html`<tr><th scope="row">${name}</th><td class="text">${meaning}</td>${counts.map((count) => html`<td>${count}</td>`)}</tr>`,
  )}</tbody>
</table>`;
}

function reasonDetails({ reason, count, records }: DroppedRecords): Markup {
  return html`<details><summary>${reason}: ${counted(count, 'record')}</summary>
<p class="note">${DROP_SENTENCES[reason]}</p>
${records.map(droppedRecord)}
</details>`;
}

function droppedRecord({
  conversationId,
  turn,
  conversation,
  preferred,
  rejected,
  evidence,
  provenance: { preferredModel, rejectedModel, sibling, verdict },
}: ExportedRecord): Markup {
  return html`<h3>Turn ${turn} of <bdi>${conversationId}</bdi></h3>
${evidence === undefined ? null : html`<p class="note">Found: <bdi>${evidence}</bdi></p>`}
${sibling === undefined ? null : html`<p class="note">An extra pair: the ${sibling} response was written, but not chosen.</p>`}
<div class="said user"><h4>User</h4><p class="written" dir="auto">${conversation.at(-1)!.content}</p></div>
<div class="pair">
<div class="said response preferred"><h4>Preferred <bdi class="fate">${preferredModel}</bdi></h4><p class="written" dir="auto">${preferred}</p></div>
<div class="said response rejected"><h4>Rejected <bdi class="fate">${rejectedModel}</bdi></h4><p class="written" dir="auto">${rejected}</p></div>
</div>
${verdict === undefined ? null : verdictNote(verdict)}`;
}
