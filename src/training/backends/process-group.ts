import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { sleep } from '../../internal/sleep.ts';

/** The leader of a group of processes. A number alone is not enough: systems give it to another process one day. */
export interface ProcessGroup {
  readonly pid: number;
  /** When this boot of the machine started the leader, in the system's own words. */
  readonly startedAt: string;
}

const LOOK_MS = 100;

/** The group that a living process leads; null when there is no such process. */
export async function groupOf(pid: number): Promise<ProcessGroup | null> {
  const startedAt = process.platform === 'linux' ? await linuxStart(pid) : await otherStart(pid);
  return startedAt === null ? null : { pid, startedAt };
}

/** Whether any process of the group lives, its leader or one that outlived it. */
export async function isGroupAlive(group: ProcessGroup): Promise<boolean> {
  const now = await groupOf(group.pid);
  if (now !== null) return now.startedAt === group.startedAt;
  if (process.platform !== 'linux') return signalGroup(group, 0);
  return (await readBootId()) === group.startedAt.split(' ')[0] && (await hasMembers(group.pid));
}

/** Asks the group to end, and after `graceMs` ends it. Resolves when it is gone. */
export async function endGroup(
  group: ProcessGroup,
  graceMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  // To the group: the trainer runs below `trl`, and lives on when only `trl` is ended.
  signalGroup(group, 'SIGTERM');
  for (let waited = 0; await isGroupAlive(group); waited += LOOK_MS) {
    if (waited >= graceMs) signalGroup(group, 'SIGKILL');
    await sleep(LOOK_MS, signal);
  }
}

function signalGroup({ pid }: ProcessGroup, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

interface LinuxProcess {
  readonly state: string;
  readonly group: number;
  readonly startTicks: string;
}

async function readLinuxProcess(pid: number | string): Promise<LinuxProcess | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The second field is the program's name in brackets, with whatever is in it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, , group] = fields;
  // A process that has ended and that nobody asked about still has its entry.
  if (state === undefined || state === 'Z' || state === 'X') return null;
  return { state, group: Number(group), startTicks: fields[19]! };
}

async function linuxStart(pid: number): Promise<string | null> {
  const found = await readLinuxProcess(pid);
  return found && `${await readBootId()} ${found.startTicks}`;
}

async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

async function hasMembers(group: number): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const processes = await Promise.all(pids.map(readLinuxProcess));
  return processes.some((found) => found?.group === group);
}

async function otherStart(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || null;
  } catch {
    return null;
  }
}
