import { type AloeErrorOptions, InvalidFileError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
};

/** The error for a file that the system does not let us read. */
export function unreadable(path: string, cause: unknown, options?: AloeErrorOptions): InvalidFileError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = REASONS[code ?? ''] ?? message;
  return new InvalidFileError(path, `cannot be read (${reason}).`, { cause, ...options });
}
