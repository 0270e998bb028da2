import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { sha256 } from './hash.ts';

/** A temporary name beside `path`. It names the writing process, so that leftovers of killed processes are recognised. */
export function temporaryName(path: string): string {
  return `${path}.${machine()}-${process.pid}-${randomUUID().slice(0, 8)}.partial`;
}

/**
 * Removes temporary files that killed processes left beside `path`. Files of other machines and containers stay: this
 * process cannot tell whether their writers are alive.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const start = `${basename(path)}.${machine()}-`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(start)) continue;
    const pid = /^(\d+)-[0-9a-f]{8}\.partial$/.exec(name.slice(start.length))?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(dirname(path), name), { recursive: true, force: true });
    }
  }
}

/** Identifies where a process id is valid: the host and, on Linux, the process namespace (each container has its own). */
function machine(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux.
  }
  return sha256(`${hostname()} ${namespace}`).slice(0, 8);
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only checks that the process exists.
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
