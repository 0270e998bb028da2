import { InvalidOptionError } from '../errors.ts';

/**
 * Refuses what no file system accepts as a path. Node's own error about NUL bytes would not name the option.
 *
 * @param expected What the option accepts, for the error.
 * @throws InvalidOptionError unless it is a non-empty string without NUL bytes.
 */
export function checkPath(option: string, path: unknown, expected = 'a path'): string {
  if (typeof path !== 'string' || path === '') throw new InvalidOptionError(option, expected, path);
  if (path.includes('\0')) throw new InvalidOptionError(option, `${expected} without NUL bytes`, path);
  return path;
}
