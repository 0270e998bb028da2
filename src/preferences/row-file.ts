import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { openAtomic } from '../internal/write-file.ts';

/** A data file of an export. */
export interface FileSummary {
  /** File name, in the directory of the export. */
  readonly name: string;
  /** Number of rows. */
  readonly rows: number;
  /** Size in bytes. */
  readonly bytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
}

/** A data file that becomes visible when committed. */
export interface RowFile {
  write(row: object): Promise<void>;
  /** Flushes everything to disk. Null if there are no rows. */
  seal(): Promise<FileSummary | null>;
  /** Replaces the existing file. Without rows it is only removed, since `datasets` cannot load an empty file. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

const CHUNK_CHARACTERS = 64 * 1024;

/** Opens a JSON Lines file. */
export async function openRowFile(path: string): Promise<RowFile> {
  const file = await openAtomic(path);
  const hash = createHash('sha256');
  let pending = '';
  let rows = 0;
  let bytes = 0;

  async function flush(): Promise<void> {
    const chunk = Buffer.from(pending);
    pending = '';
    hash.update(chunk);
    bytes += chunk.length;
    await file.write(chunk);
  }

  return {
    async write(row) {
      rows += 1;
      pending += `${jsonLine(row)}\n`;
      if (pending.length >= CHUNK_CHARACTERS) await flush();
    },
    async seal() {
      await flush();
      await file.seal();
      return rows === 0 ? null : { name: basename(path), rows, bytes, sha256: hash.digest('hex') };
    },
    async commit() {
      if (rows > 0) return file.commit();
      await file.discard();
      await rm(path, { force: true });
    },
    discard: () => file.discard(),
  };
}

const SEPARATOR = /[\u2028\u2029]/;

/** Escapes line and paragraph separators. JSON allows them, but many readers end a line there, `node:readline` too. */
function jsonLine(row: object): string {
  const line = JSON.stringify(row);
  return SEPARATOR.test(line) ? line.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029') : line;
}
