import { AloeError } from '../errors.ts';
import { redact } from '../internal/redact.ts';

const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;

/**
 * Runs a command's work with a signal for Ctrl-C: the first one ends the work cleanly, the second leaves at once.
 * Errors of this library are told in one sentence; any other comes with its stack, since it is a bug.
 */
export async function guarded(
  work: (signal: AbortSignal) => Promise<void>,
  resumeHint: string,
): Promise<void> {
  const stopping = new AbortController();
  function onInterrupt(): void {
    if (stopping.signal.aborted) process.exit(EXIT_INTERRUPTED);
    console.error(
      '\nStopping: no new call is made, and what was answered is safe. Press Ctrl-C again to leave at once.',
    );
    stopping.abort(new Error('interrupted'));
  }
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  try {
    await work(stopping.signal);
  } catch (error) {
    process.exitCode = stopping.signal.aborted ? EXIT_INTERRUPTED : EXIT_FAILED;
    if (stopping.signal.aborted) console.error(resumeHint);
    else if (AloeError.isInstance(error)) console.error(`\nError: ${error.message}`);
    else console.error(redact(error instanceof Error ? `\n${error.stack}` : `\n${String(error)}`));
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}
