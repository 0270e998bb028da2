import { AloeError } from '../errors.ts';
import { messageOf } from '../internal/message-of.ts';
import { redact } from '../redact.ts';
import { EXIT, type ExitStatus, statusOfError } from './exit-status.ts';
import { printError, printJson } from './terminal.ts';

/** Options of {@link guarded}. */
export interface GuardOptions {
  /** What to print after an interruption. */
  resume(): string;
  /** Printed on the first Ctrl-C. */
  readonly stopping?: string | undefined;
  /** Print errors on stdout too, as JSON. */
  readonly json: boolean;
}

/**
 * Runs a command and sets the exit status. The first Ctrl-C aborts the signal, so that the work ends cleanly; the second
 * exits at once. An `AloeError` prints its message only; any other error is a bug and prints its stack.
 *
 * @param work Resolves to the exit status. Default: 0.
 */
export async function guarded(
  work: (signal: AbortSignal) => Promise<ExitStatus | undefined>,
  { resume, stopping = 'Stopping. No new calls are made; finished calls are saved.', json }: GuardOptions,
): Promise<void> {
  const controller = new AbortController();
  function onInterrupt(): void {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    printError(`\n${stopping} Press Ctrl-C again to quit at once.`);
    controller.abort(new Error('interrupted'));
  }
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  try {
    process.exitCode = (await work(controller.signal)) ?? EXIT.done;
  } catch (error) {
    const { aborted } = controller.signal;
    const status = aborted ? EXIT.interrupted : statusOfError(error);
    process.exitCode = status;
    if (aborted) printError(resume());
    else if (AloeError.isInstance(error)) printError(`\nError: ${error.message}`);
    else printError(redact(error instanceof Error ? `\n${error.stack}` : `\n${String(error)}`));
    if (json)
      printJson({ error: aborted ? { code: 'interrupted', message: resume() } : inJson(error), status });
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

function inJson(error: unknown): { readonly code: string; readonly message: string } {
  if (AloeError.isInstance(error)) return { code: error.code, message: error.message };
  return { code: 'internal', message: redact(messageOf(error)) };
}
