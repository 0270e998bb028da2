import { type AloeErrorOptions, InvalidFileError } from '../errors.ts';

/** The error for a file that the system does not let us read. */
export function unreadable(path: string, cause: unknown, options?: AloeErrorOptions): InvalidFileError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'no such file' : message;
  return new InvalidFileError(path, `cannot be read (${reason}).`, { cause, ...options });
}
