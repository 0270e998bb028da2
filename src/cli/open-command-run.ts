import { InvalidOptionError, RunStorageError } from '../errors.ts';
import { openRun, type Run, type RunOptions } from '../runs/run.ts';
import { commandControl } from './command-control.ts';
import type { ProgressDisplay } from './progress-display.ts';

/**
 * Opens the run of a command, whose events go to the display and which other terminals can steer. If it cannot be opened, the display is stopped.
 *
 * @throws InvalidOptionError for a directory that cannot be used: nothing was done yet, and another one helps. Other errors as
 * `openRun` throws them.
 */
export async function openCommandRun(
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
