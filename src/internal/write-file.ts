import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkPath } from './check-path.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';
import { makeDirectory } from './make-directory.ts';
import { writeError } from './write-error.ts';

/** Writes a temporary file beside the target and renames it when complete: a reader never sees half a file. */
export interface AtomicWriter {
  write(content: string | Uint8Array): Promise<void>;
  /** Flushes to disk and closes. `commit` then only has to rename. */
  seal(): Promise<void>;
  /** Seals, and replaces the target. */
  commit(): Promise<void>;
  /** Removes the temporary file. */
  discard(): Promise<void>;
}

/**
 * Opens a writer for `path`. Creates missing directories, and removes what killed processes left beside the file.
 *
 * @throws RunStorageError, here and while writing, if the file system refuses: the disk is full, for example.
 */
export async function openAtomic(path: string): Promise<AtomicWriter> {
  checkPath('path', path);
  const temporary = temporaryName(path);
  const file = await refusing(path, async () => {
    makeDirectory(dirname(path));
    await removeLeftovers(path);
    return open(temporary, 'wx');
  });
  let sealed = false;
  const seal = () =>
    refusing(path, async () => {
      if (sealed) return;
      await file.sync();
      await file.close();
      sealed = true;
    });
  return {
    // Not `write`: on a full disk it writes what fits, without an error.
    write: (content) => refusing(path, () => file.appendFile(content)),
    seal,
    async commit() {
      await seal();
      await refusing(path, () => rename(temporary, path));
    },
    async discard() {
      await file.close().catch(() => {});
      await rm(temporary, { force: true });
    },
  };
}

async function refusing<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw writeError(path, error);
  }
}

/**
 * Writes a file so that a reader sees either the old content or the new one.
 *
 * @throws RunStorageError if the file system refuses.
 */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  const writer = await openAtomic(path);
  try {
    await writer.write(text);
    await writer.commit();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
