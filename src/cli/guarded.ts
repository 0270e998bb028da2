import { AloeError } from '../errors.ts';
import { redact } from '../redact.ts';

const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;

/**
 * Runs a command's work with a signal for Ctrl-C: the first one ends the work cleanly, the second leaves at once.
 * Errors of this library are told in one sentence; any other comes with its stack, since it is a bug.
 */
export async function guarded(
  work: (signal: AbortSignal) => Promise<void>,
  resumeHint: string,
  stopping = 'Stopping: no new call is made, and what was answered is safe.',
): Promise<void> {
  const controller = new AbortController();
  function onInterrupt(): void {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    console.error(`\n${stopping} Press Ctrl-C again to leave at once.`);
    controller.abort(new Error('interrupted'));
  }
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  try {
    await work(controller.signal);
  } catch (error) {
    process.exitCode = controller.signal.aborted ? EXIT_INTERRUPTED : EXIT_FAILED;
    if (controller.signal.aborted) console.error(resumeHint);
    else if (AloeError.isInstance(error)) console.error(`\nError: ${error.message}`);
    else console.error(redact(error instanceof Error ? `\n${error.stack}` : `\n${String(error)}`));
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}
