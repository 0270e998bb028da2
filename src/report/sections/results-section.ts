import { describeBrackets, describeRates } from '../../evaluation/describe/describe-intervals.ts';
import { describeMissingScores } from '../../evaluation/describe/describe-missing-scores.ts';
import { describeVariance } from '../../evaluation/describe/describe-variance.ts';
import { describeVotes } from '../../evaluation/describe/describe-votes.ts';
import type { EvaluationResult, TurnLevel } from '../../evaluation/evaluation-result.ts';
import { incomparableParts } from '../../evaluation/lock-differences.ts';
import { describePersonal } from '../../evaluation/personal/describe-own-minus-other.ts';
import { decimals } from '../../internal/format.ts';
import type { Interval } from '../../metrics/index.ts';
import { html, type Markup } from '../../page/html.ts';
import { formatRange } from '../format-numbers.ts';
import { type Section, wide } from './section.ts';

/** The columns of the paper's Table 1, with confidence intervals and the number of scores per row. */
export function resultsSection(evaluations: readonly EvaluationResult[]): Section {
  const turns = Math.max(...evaluations.map(({ levels }) => levels.length));
  const numbers = Array.from({ length: turns }, (_, index) => index + 1);
  const columns = [
    ...numbers.map((k) => `k=${k}`),
    'Average',
    'Own − other',
    'IR',
    'N-IR',
    'R²',
    'N-R²',
    'Scored',
  ];
  const table = html`<table>
<caption><span class="caption">N-IR: IR after AL(k) is scaled to 0..1. R² and N-R²: how well the line fits. Scored: responses with a score. Below a number: its confidence interval or, where scores are missing, the number of scored responses.</span></caption>
<thead><tr><th scope="col">Candidate</th>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${evaluations.map((evaluation) => row(evaluation, numbers))}
</tbody>
</table>`;
  return {
    id: 'results',
    heading: 'Results',
    content: html`<p class="about">A judge scores each response from 1 to 5 for how well it suits this user. AL(k), the alignment level, is the mean score at turn k, and IR, the improvement rate, is how much it rises per turn: whether the candidate learns about the user while they talk. Own − other is the mean score for the user minus the mean score of the same responses for another persona. Near 0, the responses would suit anybody.</p>
${describeLocks(evaluations)}
${wide('Table of results', table)}
<ul class="note">${describeTrust(evaluations).map((line) => html`<li>${line}</li>`)}</ul>`,
  };
}

/** Says of candidates that stand in one table whose scores do not compare. */
function describeLocks(evaluations: readonly EvaluationResult[]): Markup | null {
  const [first, ...others] = evaluations;
  const warnings = others.flatMap(({ candidate, lock }) => {
    const parts = incomparableParts(first!.lock, lock);
    return parts.length === 0
      ? []
      : [
          html`<li>Not comparable: <bdi>${candidate.name}</bdi> and <bdi>${first!.candidate.name}</bdi> have a different ${parts.join(', ')}.</li>`,
        ];
  });
  return warnings.length === 0
    ? null
    : html`<ul class="warnings" aria-label="Warnings on results">${warnings}</ul>`;
}

/**
 * Notes below the table: whether rates and levels mean something, what to read where scores are missing, and how far votes
 * disagree. Which scores are missing is among the warnings of the summary.
 */
function describeTrust(evaluations: readonly EvaluationResult[]): string[] {
  const votes = evaluations.flatMap((evaluation) =>
    describeVotes(evaluation).map((line) => (line === '' ? '' : `${evaluation.candidate.name}: ${line}`)),
  );
  return [
    ...describeBrackets(evaluations),
    ...describeRates(evaluations),
    ...describeVariance(evaluations),
    ...describePersonal(evaluations),
    ...describeMissingScores(evaluations),
    ...votes,
  ].filter((line) => line !== '');
}

function row(evaluation: EvaluationResult, turns: readonly number[]): Markup {
  const {
    candidate,
    levels,
    average,
    ownMinusOther,
    improvementRate: improvement,
    normalizedImprovementRate: normalizedImprovement,
    statistics,
  } = evaluation;
  const scored = levels.reduce((sum, level) => sum + level.scored, 0);
  const asked = levels.reduce((sum, level) => sum + level.asked, 0);
  return html`<tr><th scope="row"><bdi>${candidate.name}</bdi></th>
${turns.map((k) => levelCell(levels[k - 1]))}
${estimateCell(average, statistics.average, 2)}
${ownMinusOther === null ? html`<td>not measured</td>` : estimateCell(ownMinusOther.difference, ownMinusOther.interval, 2)}
${estimateCell(improvement?.slope, statistics.improvementRate, 3)}
<td>${decimals(normalizedImprovement?.slope, 3)}</td>
<td>${decimals(improvement?.r2, 3)}</td>
<td>${decimals(normalizedImprovement?.r2, 3)}</td>
<td>${scored}/${asked}</td></tr>
`;
}

function levelCell(turn: TurnLevel | undefined): Markup {
  const level = decimals(turn?.level, 2);
  if (turn === undefined || turn.scored === turn.asked) return html`<td>${level}</td>`;
  return html`<td>${level}<span class="interval">${turn.scored}/${turn.asked}</span></td>`;
}

/** A number with its confidence interval below. */
function estimateCell(value: number | null | undefined, interval: Interval | null, places: number): Markup {
  const range = formatRange(interval, places);
  return html`<td>${decimals(value, places)}${range === '' ? null : html`<span class="interval">${range}</span>`}</td>`;
}
