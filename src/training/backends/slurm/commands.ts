import { TrainingError } from '../../../errors.ts';
import { messageOf } from '../../../internal/message-of.ts';
import { type CommandResult, type CommandRunner, runCommand } from '../../../internal/run-command.ts';

/** What Slurm reports about a job, in its own words. */
export interface SlurmJob {
  readonly state: string;
  readonly reason: string | null;
  readonly exitCode: number | null;
}

type SignalOption = { readonly signal?: AbortSignal | undefined };

/** Parses Slurm's text output: its JSON differs between releases and has wrong exit codes in 22.05. */
export interface SlurmCommands {
  /** @returns the job's number. */
  submit(words: readonly string[], options: SignalOption): Promise<string>;
  /**
   * The number of a job with this name that has not ended, or null.
   *
   * @param options.orEnded Whether one that has ended will do, as long as the queue remembers it.
   */
  find(jobName: string, options: SignalOption & { readonly orEnded?: boolean }): Promise<string | null>;
  /**
   * Asks the queue, then the accounting, then the controller. Null if none knows the job. Looks it up by number and
   * name, since a controller that lost its state counts from 1 again.
   */
  look(jobId: string, jobName: string, options: SignalOption): Promise<SlurmJob | null>;
  cancel(jobId: string, options: SignalOption): Promise<void>;
}

/** A number, followed by the cluster's name on multi-cluster systems. */
const JOB_ID = /^(\d+)(;.*)?$/;

/** Slurm's commands, run by `runner`. */
export function slurmCommands(runner: CommandRunner = runCommand): SlurmCommands {
  async function run(command: readonly string[], { signal }: SignalOption): Promise<CommandResult> {
    try {
      return await runner(command, { signal });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new TrainingError('slurm', `Could not run ${command[0]} (${messageOf(cause)}).`, {
        hint: 'Run this on a machine with Slurm, or pass runCommand, for example to use ssh.',
        cause,
      });
    }
  }

  async function fromQueue(jobId: string, jobName: string, options: SignalOption): Promise<SlurmJob | null> {
    const words = ['squeue', '-h', '--states=all', `--jobs=${jobId}`, `--name=${jobName}`, '--format=%T|%r'];
    const { exitCode, stdout, stderr } = await run(words, options);
    if (exitCode !== 0 && !/invalid job id/i.test(stderr)) throw refused('squeue', stderr);
    const [state = '', reason = ''] = stdout.trim().split('|');
    return state === '' ? null : { state, reason: reasonOf(reason), exitCode: null };
  }

  async function fromAccounting(
    jobId: string,
    jobName: string,
    options: SignalOption,
  ): Promise<SlurmJob | null> {
    const words = ['sacct', '-n', '-X', '-P', '-j', jobId, `--name=${jobName}`, '-o', 'State,ExitCode'];
    // It fails on clusters without accounting, which are common.
    const { exitCode, stdout } = await run(words, options);
    const [state = '', code = ''] = stdout.trim().split('\n')[0]!.split('|');
    return exitCode !== 0 || state === '' ? null : { state, reason: null, exitCode: codeOf(code) };
  }

  async function fromController(
    jobId: string,
    jobName: string,
    options: SignalOption,
  ): Promise<SlurmJob | null> {
    const { exitCode, stdout } = await run(['scontrol', 'show', 'job', jobId, '-o'], options);
    const state = /\bJobState=(\S+)/.exec(stdout)?.[1];
    if (exitCode !== 0 || state === undefined || !stdout.includes(` JobName=${jobName} `)) return null;
    const reason = reasonOf(/\bReason=(\S+)/.exec(stdout)?.[1] ?? '');
    return { state, reason, exitCode: codeOf(/\bExitCode=(\S+)/.exec(stdout)?.[1] ?? '') };
  }

  return {
    async submit(words, options) {
      const { exitCode, stdout, stderr } = await run(['sbatch', '--parsable', ...words], options);
      const jobId = JOB_ID.exec(stdout.trim())?.[1];
      if (exitCode !== 0 || jobId === undefined) throw refused('sbatch', stderr || stdout);
      return jobId;
    },
    async find(jobName, { orEnded = false, ...options }) {
      const states = orEnded ? ['--states=all'] : [];
      const words = ['squeue', '-h', '--me', ...states, `--name=${jobName}`, '--format=%i'];
      const { exitCode, stdout, stderr } = await run(words, options);
      if (exitCode !== 0) throw refused('squeue', stderr);
      return JOB_ID.exec(stdout.trim().split('\n')[0]!)?.[1] ?? null;
    },
    async look(...job) {
      const queued = await fromQueue(...job);
      if (queued !== null && !hasEnded(queued.state)) return queued;
      return (await fromAccounting(...job)) ?? (await fromController(...job)) ?? queued;
    },
    async cancel(jobId, options) {
      const { exitCode, stderr } = await run(['scancel', jobId], options);
      if (exitCode !== 0) throw refused('scancel', stderr);
    },
  };
}

const WAITING = [
  'PENDING',
  'CONFIGURING',
  'REQUEUED',
  'REQUEUE_HOLD',
  'REQUEUE_FED',
  'RESV_DEL_HOLD',
  'SPECIAL_EXIT',
];

/** Whether a job in this state has not started. */
export function isWaiting(state: string): boolean {
  return WAITING.includes(state);
}

/** An unknown state, from a newer release, counts as not ended, so that nobody gives up on a running job. */
export function hasEnded(state: string): boolean {
  return /^(?:COMPLETED|CANCELLED|FAILED|TIMEOUT|DEADLINE|NODE_FAIL|OUT_OF_MEMORY|PREEMPTED|BOOT_FAIL|REVOKED)\b/.test(
    state,
  );
}

/** `exit:signal`. Death by signal is reported as a shell does: 128 plus its number. */
function codeOf(text: string): number | null {
  const [, code, signal] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (code === undefined) return null;
  return Number(signal) > 0 ? 128 + Number(signal) : Number(code);
}

/** Slurm writes `None` when it has no reason. */
function reasonOf(reason: string): string | null {
  return reason === '' || reason === 'None' ? null : reason;
}

function refused(command: string, message: string): TrainingError {
  return new TrainingError('slurm', `${command}: ${message.trim() || 'failed without a message'}`);
}
