import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { describeLock, describePrompt } from '../../evaluation/lock-differences.ts';
import { html, type Markup } from '../../page/html.ts';
import { type Section, wide } from './section.ts';
import { servedTable } from './served-table.ts';

/** What the numbers depend on: the candidates and their locks. */
export function settingsSection(evaluations: readonly EvaluationResult[]): Section {
  const candidates = html`<table>
<caption><span class="caption">Candidates</span></caption>
<thead><tr><th scope="col">Candidate</th><th scope="col" class="text">Model</th><th scope="col" class="text">Added prompt</th></tr></thead>
<tbody>${evaluations.map(
    ({ candidate: { name, model, prompt } }) =>
      html`<tr><th scope="row"><bdi>${name}</bdi></th><td class="text"><bdi>${model}</bdi></td><td class="text">${prompt === null ? 'none' : describePrompt(prompt)}</td></tr>`,
  )}</tbody>
</table>`;
  return {
    id: 'settings',
    heading: 'Settings',
    content: html`<p class="about">What the scores depend on beside the candidate. Scores of two results compare if these settings are equal.</p>
${wide('Candidates', candidates)}
${wide('Models that answered', servedTable(evaluations))}
<dl>${lockedParts(evaluations)}</dl>`,
  };
}

/** Each part of the lock: once if all candidates share it, else per candidate. */
function lockedParts(evaluations: readonly EvaluationResult[]): Markup[] {
  const locks = evaluations.map(({ lock }) => describeLock(lock));
  return (locks[0] ?? []).map(({ name }, part) => {
    const values = locks.map((lock) => lock[part]!.value);
    const shared = new Set(values).size === 1;
    const texts = shared
      ? values.slice(0, 1)
      : values.map((value, index) => `${evaluations[index]!.candidate.name}: ${value}`);
    return html`<dt>${name}</dt>${texts.map((text) => html`<dd>${text}</dd>`)}`;
  });
}
