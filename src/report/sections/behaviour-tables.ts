import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import type { HabitMeasure, ShownCount } from '../../evaluation/measures/measure-habits.ts';
import type { SituationMeasure } from '../../evaluation/measures/measure-situations.ts';
import { decimals } from '../../internal/format.ts';
import { html, type Markup } from '../../page/html.ts';
import { formatDifference, formatRange } from '../format-numbers.ts';
import { wide } from './section.ts';

/** How candidates served users in situations and users with habits. Null if no result has either. */
export function behaviourTables(evaluations: readonly EvaluationResult[]): Markup | null {
  const inSituations = evaluations.filter(({ situations }) => situations !== undefined);
  const withHabits = evaluations.filter(({ habits }) => habits !== undefined);
  if (inSituations.length + withHabits.length === 0) return null;
  return html`${inSituations.length === 0 ? null : wide('Situations', situationTable(inSituations))}
${withHabits.length === 0 ? null : wide('Habits', habitTable(withHabits))}`;
}

function situationTable(evaluations: readonly EvaluationResult[]): Markup {
  return html`<table>
<caption><span class="caption">Mean level by situation, with confidence intervals over cases. Changes followed: changes of situation after which the scores of the case came back to their earlier mean.</span></caption>
<thead><tr>${['Candidate', 'Situation', 'Cases', 'Level', 'Changes followed'].map(head)}</tr></thead>
<tbody>${evaluations.map(({ candidate, situations }) => situationRows(candidate.name, situations!))}</tbody>
</table>`;
}

function situationRows(candidate: string, { levels, following }: SituationMeasure): Markup {
  const followed = following === null ? '–' : `${following.recovered}/${following.measured}`;
  return html`${levels.map(
    ({ name, cases, level, interval }, index) =>
      html`<tr><th scope="row"><bdi>${candidate}</bdi></th><td class="text"><bdi>${name}</bdi></td><td>${cases}</td><td>${decimals(level, 2)}<span class="interval">${formatRange(interval, 2)}</span></td><td>${index === 0 ? followed : ''}</td></tr>`,
  )}`;
}

function habitTable(evaluations: readonly EvaluationResult[]): Markup {
  const names = [
    ...['Candidate', 'Habit', 'Cases', 'Seen with it', 'Seen without it'],
    ...['Level with it', 'Level without it', 'Difference'],
  ];
  return html`<table>
<caption><span class="caption">Habits of the simulated users. Seen: messages with a slip (typos), or conversations in which a model saw the habit, where it was asked for and elsewhere. Differences have confidence intervals over cases.</span></caption>
<thead><tr>${names.map(head)}</tr></thead>
<tbody>${evaluations.map(({ candidate, habits }) => habits!.map((habit) => habitRow(candidate.name, habit)))}</tbody>
</table>`;
}

function habitRow(candidate: string, habit: HabitMeasure): Markup {
  const { name, cases, seen, level, difference, interval } = habit;
  return html`<tr><th scope="row"><bdi>${candidate}</bdi></th><td class="text"><bdi>${name}</bdi></td><td>${cases.with}/${cases.with + cases.without}</td><td>${share(seen?.with)}</td><td>${share(seen?.without)}</td><td>${decimals(level.with, 2)}</td><td>${decimals(level.without, 2)}</td><td>${formatDifference(difference, 2)}<span class="interval">${formatRange(interval, 2)}</span></td></tr>`;
}

function share(count: ShownCount | undefined): string {
  return count === undefined ? 'not measured' : `${count.shown}/${count.of}`;
}

function head(name: string): Markup {
  return name === 'Situation' || name === 'Habit'
    ? html`<th scope="col" class="text">${name}</th>`
    : html`<th scope="col">${name}</th>`;
}
