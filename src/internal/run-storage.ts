import { RunStorageError } from '../errors.ts';
import { messageOf } from './message-of.ts';

/** The error for a call after its run was closed. */
export function runClosed(): RunStorageError {
  return new RunStorageError('The run is closed.', { hint: 'Close it only when all work is done.' });
}

/**
 * The error for a file of a run that cannot be used while the run works.
 *
 * @param problem Without the reason, which the cause has: `The journal cannot be read`.
 */
export function runFileError(problem: string, cause: unknown): RunStorageError {
  return new RunStorageError(`${problem} (${messageOf(cause)}).`, {
    hint: 'Saved calls are safe. Free disk space or restore access, then run the program again to resume.',
    cause,
  });
}
