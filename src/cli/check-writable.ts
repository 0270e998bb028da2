import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InvalidOptionError } from '../errors.ts';

/**
 * Checks that a file can be written, before a command spends anything on its content. Creates nothing.
 *
 * @param option The flag that names the file, for the error.
 * @throws InvalidOptionError if it cannot, saying why.
 */
export async function checkWritable(option: string, path: string): Promise<void> {
  if ((await kindOf(path)) === 'directory') {
    throw new InvalidOptionError(option, 'a file, not a directory', path);
  }
  let dir = dirname(resolve(path));
  while ((await kindOf(dir)) === 'missing' && dir !== dirname(dir)) dir = dirname(dir);
  if ((await kindOf(dir)) !== 'directory') {
    throw new InvalidOptionError(option, `a path in a directory (${dir} is a file)`, path);
  }
  await access(dir, constants.W_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidOptionError(option, `a path that can be written (${dir}: ${error.code})`, path);
  });
}

async function kindOf(path: string): Promise<'missing' | 'directory' | 'other'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'other';
  } catch (error) {
    // ENOTDIR: a file stands where a directory should be, and the walk up will find it.
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'other';
  }
}
