import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a directory and the ones above it, where they do not exist. Node's own `recursive` never returns below `/proc`,
 * which says "no such file" of a directory that cannot be created in it.
 *
 * @param mode Permissions of new directories. Default: those that the process gives.
 * @throws the error of the file system, with its `code`.
 */
export function makeDirectory(dir: string, mode?: number): void {
  if (isDirectory(dir)) return;
  const parent = dirname(dir);
  if (parent !== dir) makeDirectory(parent, mode);
  try {
    mkdirSync(dir, { mode });
  } catch (error) {
    // Another process may have been faster.
    if (!isDirectory(dir)) throw error;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
