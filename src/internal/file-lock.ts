import { DatabaseSync } from 'node:sqlite';
import { sleep } from './sleep.ts';
import { sqliteCode } from './sqlite-code.ts';

/** Result code of SQLite: SQLITE_BUSY. */
const BUSY = 5;

const ASK_AGAIN_MS = 50;

/** Locks of this process. Without a reference, the garbage collector would close the file and release the lock. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock. The operating system releases it when the process ends, in whatever way: after `kill -9` or a power cut
 * there is nothing to clean up.
 *
 * @param patienceMs How long to wait for the lock. Blocks the thread.
 * @returns a function that releases the lock, or null if it is taken.
 * @throws Error when the file cannot be opened.
 */
export function tryLock(path: string, patienceMs: number): (() => void) | null {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { timeout: patienceMs });
    // Nothing is written or committed: the transaction is only there for its file lock.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    if (lock?.isOpen) lock.close();
    if (sqliteCode(error) === BUSY) return null;
    throw error;
  }
  const taken = lock;
  held.add(taken);
  return () => {
    held.delete(taken);
    if (taken.isOpen) taken.close();
  };
}

/** Waits for the lock, does the work, and releases the lock. Excludes other processes and other callers in this one. */
export async function withLock<Value>(
  path: string,
  work: () => Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  let release = tryLock(path, 0);
  while (release === null) {
    await sleep(ASK_AGAIN_MS, signal);
    release = tryLock(path, 0);
  }
  try {
    return await work();
  } finally {
    release();
  }
}
