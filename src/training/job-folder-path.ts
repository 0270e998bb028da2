import { resolve } from 'node:path';
import { InvalidOptionError } from '../errors.ts';

/** The folder of all jobs, as a full path. @throws InvalidOptionError as {@link checkJobPath}. */
export function resolveJobRoot(folder: string): string {
  return checkJobPath('folder', resolve(folder));
}

/**
 * Makes sure that jobs can train in a folder. Quotes, spaces and signs of a shell do no harm in its path.
 *
 * @throws InvalidOptionError for signs of patterns: `datasets` takes the path of its data for one, and finds none.
 */
export function checkJobPath(option: string, path: string): string {
  if (/[*?[\]\\\n]/.test(path)) {
    throw new InvalidOptionError(option, 'a path without * ? [ ] \\ and line breaks', path);
  }
  return path;
}
