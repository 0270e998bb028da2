import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const flushFile = promisify(fdatasync);

/** Under `node --permission`, Node flushes no file. SQLite then flushes its log within each commit. */
export const sqliteFlushes: boolean = process.permission !== undefined;

/**
 * Puts the log of a journal on disk. SQLite would do that within each commit and block the event loop meanwhile, for
 * milliseconds on many disks; here it happens beside it.
 */
export class JournalLog {
  readonly #path: string;
  #file: number | undefined;
  #isFlushing = false;

  /** @param path The journal, whose log lies beside it from the first commit on. */
  constructor(path: string) {
    this.#path = `${path}-wal`;
  }

  /** Resolves once all that was committed before is on disk. One flush at a time. */
  async flush(): Promise<void> {
    if (sqliteFlushes) return;
    const file = this.#open();
    this.#isFlushing = true;
    try {
      await flushFile(file);
    } finally {
      this.#isFlushing = false;
      if (this.#file !== file) closeSync(file);
    }
  }

  /** Flushes before it returns, and blocks the event loop. */
  flushNow(): void {
    if (!sqliteFlushes) fdatasyncSync(this.#open());
  }

  /** Closes the file. The next flush opens the log anew. */
  close(): void {
    if (this.#file !== undefined && !this.#isFlushing) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): number {
    this.#file ??= openSync(this.#path, 'r');
    return this.#file;
  }
}
