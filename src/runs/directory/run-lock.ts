import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunConflictError, RunStorageError } from '../../errors.ts';
import { tryLock } from '../../internal/file-lock.ts';
import { makeDirectory } from '../../internal/make-directory.ts';
import { messageOf } from '../../internal/message-of.ts';
import { checkRunFiles } from './run-files.ts';

/**
 * How long to try. Processes that start together block each other for a moment, and without waiting all of them could
 * be refused. By then the winner has also recorded its name.
 */
const PATIENCE_MS = 300;

/**
 * Locks a run directory for this process, and creates it if it does not exist. The operating system releases the lock
 * when the process ends, even after `kill -9` or a power cut. The journal can still be read by others.
 *
 * @returns Releases the lock.
 * @throws RunConflictError naming the holder if another process, or this one, has the run open.
 * @throws RunStorageError if the directory cannot be created or locked, or one of the run's files is a link.
 */
export function lockRun(dir: string): () => void {
  const holderPath = join(dir, 'run.holder.json');
  let release: (() => void) | null = null;
  try {
    makeDirectory(dir);
  } catch (cause) {
    throw new RunStorageError(`${dir} cannot be created (${messageOf(cause)}).`, {
      hint: 'Use a writable directory on a local disk.',
      cause,
    });
  }
  try {
    checkRunFiles(dir);
    release = tryLock(join(dir, 'run.lock'), PATIENCE_MS);
    if (release !== null) {
      const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
      // A new file: writing into the old one would follow a link.
      rmSync(holderPath, { force: true });
      writeFileSync(holderPath, `${JSON.stringify(holder)}\n`, { flag: 'wx' });
    }
  } catch (cause) {
    release?.();
    if (cause instanceof RunStorageError) throw cause;
    throw new RunStorageError(`${dir} cannot be locked (${messageOf(cause)}).`, {
      hint: 'Use a writable directory on a local disk.',
      cause,
    });
  }
  if (release === null) {
    throw new RunConflictError(`${dir} is in use by ${describeHolder(holderPath)}.`, {
      hint: 'Wait until it is free, or use another run directory. Meanwhile `readOnly` replays it, and `aloe runs watch` shows what it is doing.',
    });
  }
  return release;
}

/** Who has a run directory open: `process 12 on host`, or null. Nothing is written. */
export function holderOf(dir: string): string | null {
  const path = join(dir, 'run.lock');
  if (!existsSync(path)) return null;
  try {
    const release = tryLock(path, 0);
    if (release === null) return describeHolder(join(dir, 'run.holder.json'));
    release();
  } catch {
    // Without write access to the lock, nobody can tell.
  }
  return null;
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
