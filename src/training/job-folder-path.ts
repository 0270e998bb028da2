import { resolve } from 'node:path';
import { InvalidOptionError } from '../errors.ts';

/**
 * The folder of all jobs, as a full path. Quotes, spaces and signs of a shell do no harm in it.
 *
 * @throws InvalidOptionError for signs of patterns: `datasets` takes the path of its data for one, and finds none.
 */
export function resolveJobRoot(folder: string): string {
  const root = resolve(folder);
  if (/[*?[\]\\\n]/.test(root)) {
    throw new InvalidOptionError('folder', 'a path without * ? [ ] \\ and line breaks', folder);
  }
  return root;
}
