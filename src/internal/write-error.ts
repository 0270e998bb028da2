import { RunStorageError } from '../errors.ts';

/** A full disk, or a full share of it. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);

/** The error for an output file that the file system refuses. Anything else is returned as it is. */
export function writeError(path: string, cause: unknown): unknown {
  const { syscall, code, message } = (cause ?? {}) as NodeJS.ErrnoException;
  if (syscall === undefined) return cause;
  return new RunStorageError(`${path} cannot be written (${message}).`, {
    hint: FULL.has(code)
      ? 'A file that was there before is unchanged, and finished calls of a run are safe in its journal. Free disk space, or write to another disk, and run the same again.'
      : 'Check that its directory can be written to. A file that was there before is unchanged.',
    cause,
  });
}

/** Whether an error says that the disk is full, which no other option would help against. */
export function isFullDisk(error: unknown): error is RunStorageError {
  return (
    RunStorageError.isInstance(error) && FULL.has((error.cause as NodeJS.ErrnoException | undefined)?.code)
  );
}
