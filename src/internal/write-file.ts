import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeLeftovers, temporaryName } from './leftovers.ts';

/** Writes to a temporary file beside `path`, which takes its place when all is on disk: never half a file. */
export interface AtomicWriter {
  write(content: string | Uint8Array): Promise<void>;
  /** Ends writing and puts all on disk; what is left for `commit` is a rename. */
  seal(): Promise<void>;
  commit(): Promise<void>;
  discard(): Promise<void>;
}

export async function openAtomic(path: string): Promise<AtomicWriter> {
  await mkdir(dirname(path), { recursive: true });
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
      // Not `write`, which may stop short: a full disk takes the part that fits and says nothing.
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

/** Writes a whole file so that a reader sees either the old content or the new one. */
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
