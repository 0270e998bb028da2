import { resolve } from 'node:path';
import { InvalidOptionError } from '../errors.ts';

/** The folder of all jobs, as a full path. @throws InvalidOptionError as {@link checkJobPath}. */
export function resolveJobRoot(folder: string): string {
  return checkJobPath('folder', resolve(folder));
}

/**
 * Makes sure that jobs can train in a folder. Quotes, spaces and most signs of a shell do no harm in its path.
 *
 * @throws InvalidOptionError for signs of patterns and names of variables: `datasets` takes the path of its data for a
 * pattern and puts variables in (seen with 5.0.1), and finds no file.
 */
export function checkJobPath(option: string, path: string): string {
  if (/[*?[\]\\\n]|\$[\w{]/.test(path)) {
    throw new InvalidOptionError(option, 'a path without * ? [ ] \\ $NAME and line breaks', path);
  }
  return path;
}
