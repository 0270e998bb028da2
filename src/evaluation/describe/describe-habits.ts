import { decimals } from '../../internal/format.ts';
import { markdownTable, markdownText } from '../../internal/markdown.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import type { HabitMeasure, ShownCount } from '../measures/measure-habits.ts';
import { formatInterval } from './describe-intervals.ts';

/** A Markdown table of the users' habits. Empty if no user has any. */
export function describeHabits({ habits }: Pick<EvaluationResult, 'habits'>): string[] {
  if (habits === undefined) return [];
  const head = ['Habit', 'Cases', 'Seen with it', 'Seen without it', 'Level with it', 'Level without it'];
  return ['', markdownTable([...head, 'Difference'], habits.map(rowOf))];
}

function rowOf({ name, cases, seen, level, difference, interval }: HabitMeasure): string[] {
  const unit = seen?.by === 'rule' ? 'messages' : 'conversations';
  const [seenWith, seenWithout] =
    seen === null
      ? ['not measured', 'not measured']
      : [seen.with, seen.without].map((count) => share(count, unit));
  return [
    markdownText(name),
    `${cases.with}/${cases.with + cases.without}`,
    seenWith!,
    seenWithout!,
    decimals(level.with, 2),
    decimals(level.without, 2),
    `${decimals(difference, 2)}${interval === null ? '' : ` ${formatInterval(interval, 2)}`}`,
  ];
}

function share({ shown, of }: ShownCount, unit: string): string {
  return `${shown}/${of} ${unit}`;
}
