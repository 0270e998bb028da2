import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { openAtomic } from '../internal/write-file.ts';

/** What the manifest says about a file. */
export interface FileSummary {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
}

/** A JSON Lines file that becomes visible when it is committed. */
export interface RowFile {
  write(row: object): Promise<void>;
  /** Puts all on disk. Null when there were no rows. */
  seal(): Promise<FileSummary | null>;
  /** Takes the place of the file before it. Without rows there is no file: `datasets` cannot load an empty one. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

const CHUNK_CHARACTERS = 64 * 1024;

export async function openRowFile(path: string): Promise<RowFile> {
  const file = await openAtomic(path);
  const hash = createHash('sha256');
  let pending = '';
  let rows = 0;
  let bytes = 0;

  async function flush(): Promise<void> {
    const chunk = pending;
    pending = '';
    hash.update(chunk);
    bytes += Buffer.byteLength(chunk);
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

/** Line and paragraph separators are legal in JSON, but many readers, `node:readline` too, end a line at them. */
function jsonLine(row: object): string {
  return JSON.stringify(row).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
