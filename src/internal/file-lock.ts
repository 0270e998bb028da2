import { DatabaseSync } from 'node:sqlite';
import { sleep } from './sleep.ts';

/** Result code of SQLite: SQLITE_BUSY. */
const BUSY = 5;

const ASK_AGAIN_MS = 50;

/** Locks of this process. Without a reference, the garbage collector would close the file and so give the lock back. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock that the operating system takes back when its holder ends, however it ends: after `kill -9` or a power
 * cut there is nothing to clean up.
 *
 * @param patienceMs how long to ask for it. The thread stands still meanwhile.
 * @returns what gives the lock back, or null where another holds it. Throws where the file cannot be opened.
 */
export function tryLock(path: string, patienceMs: number): (() => void) | null {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { timeout: patienceMs });
    // Never committed and nothing ever written: only the file lock that goes with it is wanted.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    if (lock?.isOpen) lock.close();
    const { errcode = 0 } = error as Error & { errcode?: number };
    if ((errcode & 0xff) === BUSY) return null;
    throw error;
  }
  const taken = lock;
  held.add(taken);
  return () => {
    held.delete(taken);
    if (taken.isOpen) taken.close();
  };
}

/** Does the work while no other process, and nothing else in this one, does work under the same lock. */
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
