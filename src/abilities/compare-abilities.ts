import { InvalidOptionError } from '../errors.ts';
import { bootstrapStatistic } from '../metrics/bootstrap-statistic.ts';
import {
  comparePaired,
  type Interval,
  type PairedEstimate,
  type ResamplingOptions,
} from '../metrics/index.ts';
import type { AbilitiesResult, InstructionsResult } from './abilities-result.ts';
import { bitsPerByteOf, type LikelihoodResult, type ReplyLikelihood } from './likelihood-result.ts';
import type { LmEvalResult } from './lm-eval-result.ts';

/**
 * `up`, `down`: better or worse, and the confidence interval of the difference excludes 0. `within-noise`: it includes 0.
 * `unknown`: there is no interval.
 */
export type AbilityChange = 'up' | 'down' | 'within-noise' | 'unknown';

/** The share of followed instructions of two models, second minus first, over the same requests. */
export interface InstructionsDifference extends PairedEstimate {
  /** Requests that only the second follows. */
  readonly gained: readonly string[];
  /** Requests that only the first follows. */
  readonly lost: readonly string[];
  readonly change: AbilityChange;
}

/** A difference with its interval, second minus first. */
export interface AbilityDifference {
  readonly difference: number;
  /** 95 %. Null if it cannot be computed. */
  readonly interval: Interval | null;
  readonly change: AbilityChange;
}

/** One task of lm-evaluation-harness, second minus first. */
export interface TaskDifference extends AbilityDifference {
  readonly task: string;
  readonly metric: string;
}

/** The general ability of two models compared, such as before and after training. What one of them lacks is null. */
export interface AbilitiesComparison {
  /** Name of the first candidate. */
  readonly first: string;
  /** Name of the second candidate. */
  readonly second: string;
  readonly instructions: InstructionsDifference | null;
  /** In bits per byte: lower is better. */
  readonly likelihood: AbilityDifference | null;
  /** Tasks that both have. Intervals come from the standard errors of both, as if they were independent, so they are wide. */
  readonly lmEval: readonly TaskDifference[];
}

/**
 * Compares the general ability of two models: the same requests, replies and tasks, second minus first.
 *
 * @example
 * ```ts
 * import { compareAbilities, readAbilities } from 'aloe-align/abilities';
 *
 * const base = await readAbilities('base.abilities.json');
 * const tuned = await readAbilities('tuned.abilities.json');
 * console.log(compareAbilities(base, tuned).instructions?.change);
 * ```
 *
 * @throws InvalidOptionError if the two answered other requests or were measured on other replies, or an option is out of
 * range.
 */
export function compareAbilities(
  first: AbilitiesResult,
  second: AbilitiesResult,
  options: ResamplingOptions = {},
): AbilitiesComparison {
  return {
    first: first.candidate.name,
    second: second.candidate.name,
    instructions: both(first.instructions, second.instructions, (one, other) =>
      compareInstructions(one, other, options),
    ),
    likelihood: both(first.likelihood, second.likelihood, (one, other) =>
      compareLikelihood(one, other, options),
    ),
    lmEval: both(first.lmEval, second.lmEval, compareTasks) ?? [],
  };
}

function both<Part, Compared>(
  first: Part | null,
  second: Part | null,
  compare: (first: Part, second: Part) => Compared,
): Compared | null {
  return first === null || second === null ? null : compare(first, second);
}

function compareInstructions(
  first: InstructionsResult,
  second: InstructionsResult,
  options: ResamplingOptions,
): InstructionsDifference {
  checkSame('requests', idsOf(first.items, first.version), idsOf(second.items, second.version));
  const table = ({ items }: InstructionsResult) => items.map(({ followed }) => [followed ? 1 : 0]);
  const { average } = comparePaired(table(first), table(second), { seed: first.seed, ...options });
  const only = (one: InstructionsResult, other: InstructionsResult) =>
    one.items.flatMap(({ id, followed }, index) => (followed && !other.items[index]!.followed ? [id] : []));
  return {
    ...average,
    gained: only(second, first),
    lost: only(first, second),
    change: changeOf(average.interval),
  };
}

/** Bits per byte is a ratio of sums, so whole replies are resampled. */
function compareLikelihood(
  first: LikelihoodResult,
  second: LikelihoodResult,
  options: ResamplingOptions,
): AbilityDifference {
  checkSame('replies', idsOf(first.replies, first.texts), idsOf(second.replies, second.texts));
  const pairs = first.replies.map((reply, index) => [reply, second.replies[index]!] as const);
  const differenceOf = (drawn: readonly (readonly [ReplyLikelihood, ReplyLikelihood])[]) =>
    bitsPerByteOf(drawn.map(([, after]) => after)) - bitsPerByteOf(drawn.map(([before]) => before));
  const interval = bootstrapStatistic(pairs, differenceOf, options);
  return { difference: differenceOf(pairs), interval, change: changeOf(interval, false) };
}

function compareTasks(first: LmEvalResult, second: LmEvalResult): readonly TaskDifference[] {
  checkSame('cases per task', String(first.limit), String(second.limit));
  return first.tasks.flatMap((before) => {
    const { task, metric, higherIsBetter } = before;
    const after = second.tasks.find((other) => other.task === task && other.metric === metric);
    if (after === undefined) return [];
    const difference = after.value - before.value;
    const errors = [before.standardError, after.standardError];
    const reach = errors.includes(null) ? null : 1.96 * Math.hypot(...(errors as number[]));
    const interval = reach === null ? null : { low: difference - reach, high: difference + reach };
    return [{ task, metric, difference, interval, change: changeOf(interval, higherIsBetter) }];
  });
}

function changeOf(interval: Interval | null, higherIsBetter = true): AbilityChange {
  if (interval === null) return 'unknown';
  if (interval.low <= 0 && interval.high >= 0) return 'within-noise';
  return interval.low > 0 === higherIsBetter ? 'up' : 'down';
}

function idsOf(items: readonly { readonly id: string }[], version: string | number): string {
  return JSON.stringify([version, items.map(({ id }) => id)]);
}

function checkSame(what: string, first: string, second: string): void {
  if (first === second) return;
  throw new InvalidOptionError('second', `the same ${what} as the first`, 'other ones');
}
