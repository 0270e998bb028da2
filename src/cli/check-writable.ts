import { randomUUID } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InvalidOptionError } from '../errors.ts';

/**
 * Checks that a file can be written, before a command spends anything on its content. Leaves nothing behind.
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
  // Permissions alone do not tell: a disk may be read-only, and the superuser may do anything.
  const probe = join(dir, `.aloe-${randomUUID()}`);
  try {
    await writeFile(probe, '', { flag: 'wx' });
    await rm(probe);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidOptionError(option, `a path that can be written (${dir}: ${code})`, path);
  }
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
