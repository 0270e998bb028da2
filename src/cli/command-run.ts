import { InvalidOptionError, RunStorageError } from '../errors.ts';
import { openRun, type Run, type RunOptions } from '../runs/run.ts';
import { type FlaggedModel, inFlags, resumeFlags } from './choose-model.ts';
import { commandControl } from './command-control.ts';
import { type CostInJson, CostReport } from './cost.ts';
import { type ProgressDisplay, showProgress } from './progress-display.ts';

/** How a command opens its run. */
export interface CommandRunOptions {
  /** The run's directory. */
  readonly dir: string;
  /** The models of the command. They are disposed of at the end. */
  readonly models: readonly FlaggedModel[];
  /** As the verb got them. */
  readonly args: object;
  readonly run: Omit<RunOptions, 'onEvent' | 'sameModel'>;
  /** What the display says at first. Default: nothing. */
  readonly stage?: string | undefined;
  resumeWith(hint: string): void;
}

/** The run of a command, with what the command shows of it. */
export interface CommandRun {
  readonly run: Run;
  readonly display: ProgressDisplay;
  /** Says on stderr what the calls so far cost, and returns it for `--json`. */
  cost(): CostInJson;
}

/**
 * Opens the run of a command, runs `work` with it, and closes it. Its events go to the display, and other terminals can
 * steer it.
 *
 * @throws InvalidOptionError for a directory that cannot be used: nothing was done yet, and another one helps. Other errors as
 * `openRun` and `work` throw them, in terms of flags.
 */
export async function withCommandRun<Value>(
  { dir, models, args, run: options, stage = '', resumeWith }: CommandRunOptions,
  work: (command: CommandRun) => Promise<Value>,
): Promise<Value> {
  const given: Readonly<Record<string, unknown>> = { ...args };
  const sameModel = models.filter(({ same }) => given[same] === true).map(({ model }) => model.id);
  const flags = resumeFlags(models, args);
  resumeWith(`Run the same command again${flags && ` with${flags}`} to resume (${dir}).`);
  const display = showProgress({});
  display.stage = stage;
  const run = await openCommandRun(dir, { ...options, sameModel }, display);
  const report = new CostReport(run, display.say);
  try {
    return await work({ run, display, cost: () => report.say() });
  } catch (error) {
    throw inFlags(error, models);
  } finally {
    display.stop();
    await run.close();
    report.sayAtEnd();
    for (const { model } of models) await model.dispose?.();
  }
}

async function openCommandRun(
  dir: string,
  options: Omit<RunOptions, 'onEvent'>,
  display: ProgressDisplay,
): Promise<Run> {
  try {
    const control = commandControl(dir, display, { prices: options.prices });
    const run = await openRun(dir, { ...options, onEvent: control.take });
    await control.listen(run);
    return run;
  } catch (error) {
    display.stop();
    throw unusableRun(error);
  }
}

/** The error of a run that cannot be opened, as one of usage. Other errors are returned as they are. */
export function unusableRun(error: unknown): unknown {
  return RunStorageError.isInstance(error) ? new InvalidOptionError(error.message, { cause: error }) : error;
}
