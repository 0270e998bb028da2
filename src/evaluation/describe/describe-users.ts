import { counted, decimals } from '../../internal/format.ts';
import { markdownTable, markdownText } from '../../internal/markdown.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import type { DriftRecovery } from '../measures/drift-recovery.ts';
import { describeHabits } from './describe-habits.ts';
import { formatInterval } from './describe-intervals.ts';
import { formatLevel } from './format-level.ts';

/** Markdown lines on the simulated users: how much they revealed, how they changed, which message checks failed. */
export function describeUsers(result: EvaluationResult): string[] {
  return [
    ...revelationTable(result),
    ...recoveryLine(result),
    ...situationLines(result),
    ...describeHabits(result),
    ...checksLine(result),
  ];
}

/** Revelation next to AL(k): a flat level means little if users reveal nothing. */
function revelationTable({ revelation, levels }: EvaluationResult): string[] {
  if (revelation === null) return [];
  const shares = revelation.map(({ share }) => (share === null ? '–' : `${Math.round(share * 100)} %`));
  return [
    '',
    markdownTable(
      ['Turn', ...levels.map(({ turn }) => `k=${turn}`)],
      [
        ['AL(k)', ...levels.map(formatLevel)],
        ['Revealed', ...shares],
      ],
    ),
  ];
}

function recoveryLine({ recovery }: EvaluationResult): string[] {
  if (recovery === null) return [];
  const { cases, before, turnsToRecover, measured, recovered, medianTurns } = recovery;
  const mean = turnsToRecover === null ? 'not recovered' : `recovered after ${turnsToRecover} turns`;
  const median = medianTurns === null ? '' : ` (median ${medianTurns} turns)`;
  return [
    '',
    `Drift: the user changes in ${cases} cases. Mean level before: ${before?.toFixed(2) ?? '–'}, ${mean}. ` +
      `Taken individually, ${recovered} of ${measured} cases recovered${median}.`,
  ];
}

function situationLines({ situations }: EvaluationResult): string[] {
  if (situations === undefined) return [];
  const { levels, following } = situations;
  const table = markdownTable(
    ['Situation', 'Cases', 'Level'],
    levels.map(({ name, cases, level, interval }) => [
      markdownText(name),
      String(cases),
      `${decimals(level, 2)}${interval === null ? '' : ` ${formatInterval(interval, 2)}`}`,
    ]),
  );
  return ['', table, ...(following === null ? [] : ['', followingLine(following)])];
}

function followingLine({
  cases,
  before,
  turnsToRecover,
  measured,
  recovered,
  medianTurns,
}: DriftRecovery): string {
  const mean =
    turnsToRecover === null ? 'not reached again' : `reached again after ${counted(turnsToRecover, 'turn')}`;
  const median = medianTurns === null ? '' : ` (median ${counted(medianTurns, 'turn')})`;
  return (
    `The situation changes ${counted(cases, 'time')}. Mean level before a change: ${decimals(before, 2)}, ${mean}. ` +
    `Taken individually, ${recovered} of ${measured} changes were followed${median}.`
  );
}

function checksLine({ userChecks: { messages, problems, unchecked = 0 } }: EvaluationResult): string[] {
  if (messages === 0) return [];
  const list = problems.map(
    ({ problem, found, repaired, kept, failed }) =>
      `${problem} in ${found} (${repaired} repaired, ${kept} kept, ${failed} failed)`,
  );
  const missing = unchecked === 0 ? '' : ` No valid answer of the checking model about ${unchecked}.`;
  return [
    '',
    `Checks of ${counted(messages, 'user message')}: ${list.length === 0 ? 'no problems found' : list.join('; ')}.${missing}`,
  ];
}
