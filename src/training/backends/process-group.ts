import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { sleep } from '../../internal/sleep.ts';

/** The leader of a process group. Its pid alone is not enough: systems reuse pids. */
export interface ProcessGroup {
  readonly pid: number;
  /** Boot and start time of the leader, in a form that depends on the system. */
  readonly startedAt: string;
}

const POLL_MS = 100;

/** The group led by a running process. Null if there is no such process. */
export async function groupOf(pid: number): Promise<ProcessGroup | null> {
  const startedAt = process.platform === 'linux' ? await linuxStart(pid) : await otherStart(pid);
  return startedAt === null ? null : { pid, startedAt };
}

/** Whether any process of the group is alive: its leader, or one that outlived it. */
export async function isGroupAlive(group: ProcessGroup): Promise<boolean> {
  const now = await groupOf(group.pid);
  if (now !== null) return now.startedAt === group.startedAt;
  if (process.platform !== 'linux') return signalGroup(group, 0);
  return (await readBootId()) === group.startedAt.split(' ')[0] && (await hasMembers(group.pid));
}

/** Sends SIGTERM to the group, and SIGKILL after `graceMs`. Resolves when the group is gone. */
export async function endGroup(
  group: ProcessGroup,
  graceMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  // To the whole group: the trainer is a child process, and would outlive its parent.
  signalGroup(group, 'SIGTERM');
  for (let waited = 0; await isGroupAlive(group); waited += POLL_MS) {
    if (waited >= graceMs) signalGroup(group, 'SIGKILL');
    await sleep(POLL_MS, signal);
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
  // The second field is the program name in brackets, which may contain anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, , group] = fields;
  // Zombies still have an entry.
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
