import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidOptionError } from '../../errors.ts';
import { SUBMISSION_FILE } from './submission.ts';

/**
 * The job that was submitted last, as the path of its submission.
 *
 * @throws InvalidOptionError where there is none.
 */
export async function newestSubmission(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name, SUBMISSION_FILE);
      const time = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => null,
      );
      return time === null ? [] : [{ path, time }];
    }),
  );
  const [newest] = found.flat().sort((one, other) => other.time - one.time);
  if (newest === undefined) {
    throw new InvalidOptionError('job', `a submission, as there is none in ${folder}`, undefined, {
      hint: '`aloe train submit` prints the path to give.',
    });
  }
  return newest.path;
}
