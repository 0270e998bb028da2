import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunConflictError, RunStorageError } from '../errors.ts';
import { tryLock } from '../internal/file-lock.ts';

/**
 * How long a lock is asked for. Processes that start together are in each other's way for a moment, and without
 * patience all of them could be refused; the winner has written its name by then.
 */
const PATIENCE_MS = 300;

/**
 * Makes this process the only one that works in a run directory, which is made when there is none. The lock is one
 * that the operating system takes back when its holder ends, however it ends: after `kill -9` or a power cut there is
 * nothing to clean up. Readers of the journal are not kept out.
 *
 * @returns what gives the directory back.
 * @throws RunConflictError naming the holder, when another process, or this one, has the run open.
 */
export function lockRun(dir: string): () => void {
  const holderPath = join(dir, 'run.holder.json');
  let release: (() => void) | null = null;
  try {
    mkdirSync(dir, { recursive: true });
    release = tryLock(join(dir, 'run.lock'), PATIENCE_MS);
    if (release !== null) {
      const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
      writeFileSync(holderPath, `${JSON.stringify(holder)}\n`);
    }
  } catch (cause) {
    release?.();
    throw new RunStorageError(`${dir} cannot be locked (${(cause as Error).message}).`, {
      hint: 'Use a directory on a local disk that can be written.',
      cause,
    });
  }
  if (release === null) {
    throw new RunConflictError(`${dir} is in use by ${describeHolder(holderPath)}.`, {
      hint: 'Wait for it to end, or use another directory; its journal can be read meanwhile.',
    });
  }
  return release;
}

function describeHolder(path: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return pid === process.pid && host === hostname()
      ? `this process (since ${since}); call run.close() first`
      : `process ${pid} on ${host} (since ${since})`;
  } catch {
    return 'another process';
  }
}
