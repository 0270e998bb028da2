import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkPath } from './check-path.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';
import { makeDirectory } from './make-directory.ts';

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

/** Opens a writer for `path`. Creates missing directories, and removes what killed processes left beside the file. */
export async function openAtomic(path: string): Promise<AtomicWriter> {
  checkPath('path', path);
  makeDirectory(dirname(path));
  await removeLeftovers(path);
  const temporary = temporaryName(path);
  const file = await open(temporary, 'wx');
  let sealed = false;
  async function seal(): Promise<void> {
    if (sealed) return;
    await file.sync();
    await file.close();
    sealed = true;
  }
  return {
    async write(content) {
      // Not `write`: on a full disk it writes what fits, without an error.
      await file.appendFile(content);
    },
    seal,
    async commit() {
      await seal();
      await rename(temporary, path);
    },
    async discard() {
      await file.close().catch(() => {});
      await rm(temporary, { force: true });
    },
  };
}

/** Writes a file so that a reader sees either the old content or the new one. */
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
