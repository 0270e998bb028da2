import { AloeError, RunConflictError } from '../errors.ts';
import { redact } from '../redact.ts';
import { printError } from './terminal.ts';

const EXIT_FAILED = 1;
/** A run asks: which weights a model has, or whether stored calls are to be bought again. */
const EXIT_UNDECIDED = 2;
const EXIT_INTERRUPTED = 130;

/**
 * Runs a command. The first Ctrl-C aborts the signal, so that the work ends cleanly; the second exits at once. An
 * `AloeError` prints its message only; any other error is a bug and prints its stack.
 *
 * @param resumeHint printed after an interruption.
 * @param stopping printed on the first Ctrl-C.
 */
export async function guarded(
  work: (signal: AbortSignal) => Promise<void>,
  resumeHint: string | (() => string),
  stopping = 'Stopping. No new calls are made; finished calls are saved.',
): Promise<void> {
  const controller = new AbortController();
  function onInterrupt(): void {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    printError(`\n${stopping} Press Ctrl-C again to quit at once.`);
    controller.abort(new Error('interrupted'));
  }
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  try {
    await work(controller.signal);
  } catch (error) {
    const undecided = RunConflictError.isInstance(error) && error.modelId !== undefined;
    const failed = undecided ? EXIT_UNDECIDED : EXIT_FAILED;
    process.exitCode = controller.signal.aborted ? EXIT_INTERRUPTED : failed;
    if (controller.signal.aborted) printError(typeof resumeHint === 'string' ? resumeHint : resumeHint());
    else if (AloeError.isInstance(error)) printError(`\nError: ${error.message}`);
    else printError(redact(error instanceof Error ? `\n${error.stack}` : `\n${String(error)}`));
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}
