import {
  type CheckedOptions,
  callback,
  checkOptions,
  orNull,
  wholeNumber,
} from '../../internal/option-checks.ts';
import { checkMethod } from '../../internal/options.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { memoryRun, type Run } from '../../runs/run.ts';
import { modelFamily } from './model-family.ts';

/** One reply has all its verdicts. */
export interface JudgeBiasEvent {
  readonly type: 'response-end';
  /** Name of the candidate. */
  readonly candidate: string;
  readonly caseId: string;
  readonly repeat: number;
  /** From 1. */
  readonly turn: number;
  /** Number of replies that are done. */
  readonly done: number;
  /** Number of replies in the sample. */
  readonly total: number;
}

/** Options of `judgeBias`. */
export interface JudgeBiasOptions {
  /** Journal, budget and seeds of the calls. Default: a run in memory. */
  readonly run?: Run | undefined;
  /** Puts replies in other words, for `reworded` and `lengthened`: two calls per reply. Default: these are not measured. */
  readonly reword?: ChatModel | undefined;
  /** Number of replies to judge, drawn by seed and evenly over cases. Default: 60, or all if there are fewer. */
  readonly sample?: number | undefined;
  /** Seed of the sample, the other personas and the intervals. Default: that of the run. */
  readonly seed?: number | undefined;
  /** The family of a model by its id, null if unknown. Default: a short list of names, such as `gpt` for OpenAI. */
  readonly family?: ((model: string) => string | null) | undefined;
  /**
   * Number of replies judged at the same time, with about nine calls each. Default: the run's `concurrency`, and 10,000 if a
   * model answers in batches.
   */
  readonly concurrency?: number | undefined;
  /** Called after each reply. */
  readonly onEvent?: ((event: JudgeBiasEvent) => void) | undefined;
  /** Aborts; `judgeBias` rejects with the signal's reason. With a run, the next one resumes. */
  readonly signal?: AbortSignal | undefined;
}

/** The options with their defaults. */
export type CheckedBiasOptions = CheckedOptions<
  JudgeBiasOptions,
  {
    readonly reword: ChatModel | null;
    /** Null: as many as suit the models. */
    readonly concurrency: number | null;
    readonly signal: AbortSignal | undefined;
  }
>;

/** @throws InvalidOptionError naming the first option that is unknown or wrong. */
export function checkBiasOptions(options: JudgeBiasOptions): CheckedBiasOptions {
  const run = options?.run ?? memoryRun({ seed: options?.seed });
  return checkOptions<JudgeBiasOptions, CheckedBiasOptions>('judgeBias()', options, {
    run: () => run,
    reword: (given) => {
      if (given === undefined) return null;
      checkMethod('reword', given, 'generate', 'a ChatModel');
      return given;
    },
    sample: wholeNumber({ min: 1 }, 60),
    seed: wholeNumber({ min: 0 }, run.seed),
    family: callback<(model: string) => string | null>(modelFamily),
    concurrency: orNull(wholeNumber({ min: 1 }, 1)),
    onEvent: callback(() => {}),
    signal: (given) => given,
  });
}
