import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes lines to a temporary file beside `path`, which takes its place when all is on disk: never half a file. */
export interface AtomicWriter {
  write(text: string): Promise<void>;
  commit(): Promise<void>;
  discard(): Promise<void>;
}

export async function openAtomic(path: string): Promise<AtomicWriter> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID().slice(0, 8)}.partial`;
  const file = await open(temporary, 'wx');
  return {
    async write(text) {
      await file.write(text);
    },
    async commit() {
      await file.sync();
      await file.close();
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
