import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { sha256 } from './hash.ts';

/** A name beside `path` for what is to take its place. It tells which process writes it, so that a killed one's is known. */
export function temporaryName(path: string): string {
  return `${path}.${machine()}-${process.pid}-${randomUUID().slice(0, 8)}.partial`;
}

/**
 * Removes what killed processes had begun to write in the place of `path`. What a process on another machine or in
 * another container has begun stays: whether that one lives cannot be told from here.
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

/** Where process ids mean the same: a host, and on Linux a process namespace, as each container has its own. */
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
    // Signal 0 only asks.
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
