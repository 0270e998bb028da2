import type { UserCheckRates } from '../../conversations/user-checks/user-check-rates.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import type { DriftRecovery } from '../../evaluation/measures/drift-recovery.ts';
import { decimals } from '../../internal/format.ts';
import { html, type Markup } from '../../page/html.ts';
import { formatShare } from '../format-numbers.ts';
import { behaviourTables } from './behaviour-tables.ts';
import { type Section, wide } from './section.ts';

/** How well the simulated users played their part, and how candidates recovered after users changed. */
export function usersSection(evaluations: readonly EvaluationResult[]): Section {
  const drifted = evaluations.filter(({ recovery }) => recovery !== null);
  return {
    id: 'users',
    heading: 'Simulated users',
    content: html`<p class="about">The users are played by a model, and scores mean something only if it plays them well. Each message is checked, for instance for repetition or for telling too much at once, and written again if it fails.</p>
${wide('User message checks', checksTable(evaluations))}
${drifted.length === 0 ? null : wide('Recovery', recoveryTable(drifted))}
${behaviourTables(evaluations)}`,
  };
}

function checksTable(evaluations: readonly EvaluationResult[]): Markup {
  return html`<table>
<caption><span class="caption">Messages of the simulated users that failed a check. Repaired: a retry passed. Kept: the problem remains. Failed: no valid message.</span></caption>
<thead><tr>${['Candidate', 'Problem', 'Found', 'Share', 'Repaired', 'Kept', 'Failed'].map(
    (name) => html`<th scope="col"${name === 'Problem' ? TEXT : null}>${name}</th>`,
  )}</tr></thead>
<tbody>${evaluations.map(({ candidate, userChecks }) => checksRows(candidate.name, userChecks))}</tbody>
</table>`;
}

const TEXT: Markup = html` class="text"`;

function checksRows(name: string, { messages, problems, unchecked = 0 }: UserCheckRates): Markup {
  const missing =
    unchecked === 0
      ? null
      : html`<tr><th scope="row"><bdi>${name}</bdi></th><td class="text">no answer of the checking model</td><td>${unchecked}/${messages}</td><td>${formatShare(unchecked, messages)}</td><td></td><td></td><td></td></tr>`;
  if (problems.length === 0 && missing === null) {
    const outcome = messages === 0 ? 'not checked' : 'none found';
    return html`<tr><th scope="row"><bdi>${name}</bdi></th><td class="text">${outcome}</td><td>0/${messages}</td><td></td><td></td><td></td><td></td></tr>`;
  }
  return html`${problems.map(
    ({ problem, found, repaired, kept, failed }) =>
      html`<tr><th scope="row"><bdi>${name}</bdi></th><td class="text">${problem}</td><td>${found}/${messages}</td><td>${formatShare(found, messages)}</td><td>${repaired}</td><td>${kept}</td><td>${failed}</td></tr>`,
  )}${missing}`;
}

function recoveryTable(evaluations: readonly EvaluationResult[]): Markup {
  return html`<table>
<caption><span class="caption">Cases in which the user changes: mean level before the change, turns until the mean level recovers, and how many cases recover individually.</span></caption>
<thead><tr>${[
    'Candidate',
    'Cases',
    'Level before',
    'Turns to recover',
    'Cases recovered',
    'Median turns',
  ].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${evaluations.flatMap(({ candidate, recovery }) => (recovery === null ? [] : recoveryRow(candidate.name, recovery)))}</tbody>
</table>`;
}

function recoveryRow(name: string, recovery: DriftRecovery): Markup {
  const { cases, before, turnsToRecover, measured, recovered, medianTurns } = recovery;
  return html`<tr><th scope="row"><bdi>${name}</bdi></th><td>${cases}</td><td>${decimals(before, 2)}</td><td>${turnsToRecover ?? 'not recovered'}</td><td>${recovered}/${measured}</td><td>${medianTurns ?? '–'}</td></tr>`;
}
