import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { TrainingError } from '../../errors.ts';
import { messageOf } from '../../internal/message-of.ts';
import { redact } from '../../redact.ts';
import { endGroup, groupOf } from '../backends/process-group.ts';

/** Characters of output that are kept. */
const KEPT = 1 << 16;

/**
 * Runs a program in a process group of its own, which ends when this process does, however that ends: the pipe on stdin is
 * closed then. File descriptor 3 is that pipe, since the program may read its stdin. A server that first answers its calls, or
 * ignores SIGTERM, is killed after ten seconds.
 */
const WATCHED = `exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
{ read -r <&3; trap '' TERM; kill -TERM -- -$$; sleep 10; kill -KILL -- -$$; } >/dev/null 2>&1 &
watcher=$!
wait "$program"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"`;

/** A program that ends with this process, and what it prints. */
export interface WatchedProcess {
  /** The end of its output so far, without secrets. */
  log(): string;
  /** Whether it has ended. */
  hasEnded(): boolean;
  /** How it ended: an exit code, or the name of a signal. Null while it runs. */
  outcome(): number | string | null;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Ends it and all it has started: SIGTERM, and SIGKILL after `graceMs`. */
  end(graceMs: number): Promise<void>;
}

/** How to start a {@link WatchedProcess}. */
export interface WatchedProcessOptions {
  /** All environment variables of the program. */
  readonly env: NodeJS.ProcessEnv;
  /** Working directory. Default: that of this process. */
  readonly cwd?: string | undefined;
  /** Called with what it prints, without secrets. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** @throws TrainingError if bash cannot be started. A program that is not there ends with code 127. */
export async function startWatchedProcess(
  command: readonly string[],
  { env, cwd, onOutput }: WatchedProcessOptions,
): Promise<WatchedProcess> {
  const child = spawn('bash', ['--norc', '-c', WATCHED, 'bash', ...command], {
    detached: true,
    env,
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-KEPT);
      onOutput?.(redact(text));
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  await started(child);
  const group = await groupOf(child.pid!);
  const outcome = () => child.exitCode ?? child.signalCode;
  return {
    log: () => redact(output),
    hasEnded: () => outcome() !== null,
    outcome,
    ended,
    async end(graceMs) {
      if (group !== null) await endGroup(group, graceMs, undefined);
      if (outcome() === null) await once(child, 'exit');
    },
  };
}

async function started(child: ChildProcess): Promise<void> {
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new TrainingError('serving', `Could not start bash (${messageOf(cause)}).`, { cause });
  }
}
