import { AloeError } from '../errors.ts';
import { redact } from '../redact.ts';
import { EXIT, type ExitStatus, statusOfError } from './exit-status.ts';
import { printError } from './terminal.ts';

/**
 * Runs a command. The first Ctrl-C aborts the signal, so that the work ends cleanly; the second exits at once. An
 * `AloeError` prints its message only; any other error is a bug and prints its stack.
 *
 * @param work Resolves to the exit status. Default: 0.
 * @param resumeHint printed after an interruption.
 * @param stopping printed on the first Ctrl-C.
 */
export async function guarded(
  work: (signal: AbortSignal) => Promise<ExitStatus | undefined>,
  resumeHint: string | (() => string),
  stopping = 'Stopping. No new calls are made; finished calls are saved.',
): Promise<void> {
  const controller = new AbortController();
  function onInterrupt(): void {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    printError(`\n${stopping} Press Ctrl-C again to quit at once.`);
    controller.abort(new Error('interrupted'));
  }
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  try {
    process.exitCode = (await work(controller.signal)) ?? process.exitCode ?? EXIT.done;
  } catch (error) {
    process.exitCode = controller.signal.aborted ? EXIT.interrupted : statusOfError(error);
    if (controller.signal.aborted) printError(typeof resumeHint === 'string' ? resumeHint : resumeHint());
    else if (AloeError.isInstance(error)) printError(`\nError: ${error.message}`);
    else printError(redact(error instanceof Error ? `\n${error.stack}` : `\n${String(error)}`));
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}
