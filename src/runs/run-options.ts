import { InvalidOptionError } from '../errors.ts';
import {
  callback,
  checkKnownOptions,
  flag,
  optional,
  refuseUnknownOptions,
  type Scalars,
  wholeNumber,
} from '../internal/option-checks.ts';
import { checkPacerLimits, type PacerLimits } from '../models/pacing/pacer-options.ts';
import { checkRetryOptions, type RetryOptions } from '../models/retry.ts';
import type { RunEvent } from './events.ts';
import type { Budget } from './spending/ledger.ts';
import type { Prices } from './spending/prices.ts';

export const DEFAULT_CONCURRENCY = 16;

/** Rate limits of a model. Tokens are input and output together. */
export type ModelLimits = PacerLimits;

/** Options of {@link openRun} and {@link memoryRun}. */
export interface RunOptions {
  /** Random seed, a whole number from 0. Same seed, same choices. Default: that of the directory, or 0 if it is new. */
  readonly seed?: number | undefined;
  /** Maximum number of model calls in flight, over all models. Default 16. */
  readonly concurrency?: number | undefined;
  /** Rate limits by model id. Default: learned from each server's responses. */
  readonly limits?: Readonly<Record<string, ModelLimits>> | undefined;
  /** Hard limit over the whole life of the run. Default: no limit. */
  readonly budget?: Budget | undefined;
  /** Prices by model id, for a budget in dollars and for {@link Spending}. Default: no prices. */
  readonly prices?: Prices | undefined;
  /**
   * How transient errors are retried, and with `deadlineMs` how long the run waits for a model that cannot be reached or asks
   * for a pause. Default: 6 retries within half an hour.
   */
  readonly retry?: Omit<RetryOptions, 'onRetry'> | undefined;
  /**
   * Ids of served models that still have the same weights, or true for all. A served model without a revision is otherwise
   * refused if the run holds answers under its name and its server may have new weights. Default false.
   */
  readonly sameModel?: boolean | readonly string[] | undefined;
  /**
   * Replays the run and writes nothing, not even a lock, so that another process may work on it meanwhile. Default: true
   * if the directory cannot be written to or version 0.1 wrote it, else false.
   */
  readonly readOnly?: boolean | undefined;
  /**
   * How many calls may be bought again although the run holds an answer at their place, because a prompt, a model or a
   * setting has changed. The next one throws RunConflictError before it is sent. Default: no limit.
   */
  readonly maxRebought?: number | undefined;
  /** Called with every event, for progress displays and logs. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** The options of {@link RunOptions} that are numbers. */
export const runScalars: Scalars<
  Record<'concurrency', number> & Record<'seed' | 'maxRebought', number | undefined>
> = {
  seed: optional(wholeNumber({ min: 0 }, 0, 'Random seed. Same seed, same choices.')),
  concurrency: wholeNumber({ min: 1 }, DEFAULT_CONCURRENCY, 'Maximum number of model calls in flight.'),
  maxRebought: optional(
    wholeNumber(
      { min: 0 },
      0,
      'Stop before more stored calls than this are bought again because a prompt, model or setting has changed.',
    ),
  ),
};

const MEMORY_OPTION_NAMES = {
  seed: true,
  concurrency: true,
  limits: true,
  budget: true,
  prices: true,
  retry: true,
  sameModel: true,
  onEvent: true,
} as const;

/** Options of {@link memoryRun}: those that are not about an earlier process. */
export type MemoryRunOptions = Omit<RunOptions, 'readOnly' | 'maxRebought'>;

/** @throws InvalidOptionError naming an option of `openRun` that is unknown or wrong. */
export function checkOpenRunOptions(options: RunOptions): void {
  checkKnownOptions<RunOptions>('openRun()', options, {
    ...MEMORY_OPTION_NAMES,
    readOnly: true,
    maxRebought: true,
  });
  flag(false)(options.readOnly, 'readOnly');
  runScalars.maxRebought(options.maxRebought, 'maxRebought');
  checkRunOptions(options);
}

/** @throws InvalidOptionError naming an option of `memoryRun` that is unknown or wrong. */
export function checkMemoryRunOptions(options: MemoryRunOptions): void {
  checkKnownOptions<MemoryRunOptions>('memoryRun()', options, MEMORY_OPTION_NAMES);
  checkRunOptions(options);
}

function checkRunOptions(options: RunOptions): void {
  runScalars.seed(options.seed, 'seed');
  runScalars.concurrency(options.concurrency, 'concurrency');
  refuseUnknownOptions('retry', options.retry ?? {}, ['retries', 'baseDelayMs', 'deadlineMs']);
  checkRetryOptions(options.retry ?? {});
  checkSameModel(options.sameModel ?? false);
  for (const [modelId, limits] of Object.entries(options.limits ?? {})) {
    refuseUnknownOptions(`limits["${modelId}"]`, limits, ['requestsPerMinute', 'tokensPerMinute']);
    checkPacerLimits(limits);
  }
  callback(() => {})(options.onEvent, 'onEvent');
}

function checkSameModel(sameModel: unknown): void {
  const isIds = Array.isArray(sameModel) && sameModel.every((id) => typeof id === 'string');
  if (typeof sameModel === 'boolean' || isIds) return;
  throw new InvalidOptionError('sameModel', 'true, false or a list of model ids', sameModel);
}
