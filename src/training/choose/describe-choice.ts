import { decimals } from '../../internal/format.ts';
import { markdownTable, markdownText } from '../../internal/markdown.ts';
import { type CheckpointChoice, isWithinNoise, type RankedCheckpoint } from './checkpoint-choice.ts';

/** Formats a choice as Markdown: a table of the checkpoints, and how sure the choice is. */
export function describeChoice(choice: CheckpointChoice): string {
  const { chosen, checkpoints, runnerUp, last, lowestLoss, stopped, warnings } = choice;
  const jobs = new Set(checkpoints.map(({ job }) => job.id)).size;
  const table = markdownTable(
    [...(jobs > 1 ? ['Job'] : []), 'Checkpoint', 'Epoch', 'Eval loss', 'AL', 'IR', 'Chosen - this', ''],
    checkpoints.map((one) => [
      ...(jobs > 1 ? [markdownText(one.job.name)] : []),
      `${one.stage} ${one.step}`,
      one.epoch === null ? '–' : decimals(one.epoch, 2),
      one.evalLoss === null ? '–' : decimals(one.evalLoss, 3),
      level(one),
      decimals(one.result.improvementRate?.slope, 3),
      one.behind === null ? '' : difference(one),
      one === chosen ? 'chosen' : one === lowestLoss ? 'lowest loss' : '',
    ]),
  );
  const others = [
    ['the runner-up', runnerUp],
    ['the last of its job', last],
    ['the one with the lowest eval loss', lowestLoss],
  ] as const;
  const compared = new Map<RankedCheckpoint, string[]>();
  for (const [what, other] of others) {
    if (other !== null) compared.set(other, [...(compared.get(other) ?? []), what]);
  }
  const within = checkpoints.filter((one) => one !== chosen && isWithinNoise(one) === true);
  return [
    table.trimEnd(),
    [
      `Chosen: ${nameOf(chosen, jobs)}, AL ${level(chosen)}, n = ${chosen.result.lock.cases.count} people.`,
      ...(runnerUp !== null && runnerUp.result.average === chosen.result.average
        ? ['Others have the same level. Of equal ones, the earliest is chosen.']
        : []),
      ...[...compared].map(([other, what]) =>
        against(what.join(' and '), nameOf(other, jobs), other, chosen),
      ),
      ...(chosen.result.statistics.average === null
        ? ['There is no interval, as these people have too few profiles. Choose on more people.']
        : []),
      ...(within.length === 0
        ? []
        : [`Not told apart from it: ${within.map((one) => nameOf(one, jobs)).join('; ')}.`]),
      ...stopped.map(
        ({ job, stage, step }) =>
          `${job} was cancelled after ${stage} ${step}: alignment no longer improved.`,
      ),
      'Its AL is the highest of several, so on other people it is probably a little lower.',
      ...warnings.map((warning) => `Warning: ${warning}`),
    ].join('\n'),
  ].join('\n\n');
}

function nameOf({ job, stage, step }: RankedCheckpoint, jobs: number): string {
  return `${jobs > 1 ? `${job.name}, ` : ''}${stage} ${step}`;
}

function level({ result }: RankedCheckpoint): string {
  const interval = result.statistics.average;
  const range = interval === null ? '' : ` [${decimals(interval.low, 2)}, ${decimals(interval.high, 2)}]`;
  return `${decimals(result.average, 2)}${range}`;
}

function difference({ behind }: RankedCheckpoint): string {
  if (behind === null) return '';
  const { difference: value, interval, adjustedPValue } = behind;
  const range = interval === null ? '' : ` [${decimals(interval.low, 2)}, ${decimals(interval.high, 2)}]`;
  const p = adjustedPValue === null ? '' : `, p ${decimals(adjustedPValue, 3)}`;
  return `${decimals(value, 2)}${range}${p}`;
}

/** How the chosen one compares with another, or that it is that one. */
function against(what: string, name: string, other: RankedCheckpoint, chosen: RankedCheckpoint): string {
  if (other === chosen) return `It is also ${what}.`;
  const verdict = {
    true: 'within noise',
    false: 'more than noise',
    null: 'too few independent people to say',
  }[String(isWithinNoise(other)) as 'true' | 'false' | 'null'];
  return `Against ${what} (${name}): ${difference(other)}: ${verdict}.`;
}
