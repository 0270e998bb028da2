import { TrainingError } from '../../errors.ts';
import { type CommandResult, type CommandRunner, runCommand } from '../../internal/run-command.ts';

/** What Slurm says of a job, in its own words. */
export interface SlurmJob {
  readonly state: string;
  readonly reason: string | null;
  readonly exitCode: number | null;
}

type SignalOption = { readonly signal?: AbortSignal | undefined };

/** Slurm's text, since its JSON differs between releases and tells wrong exit codes in 22.05. */
export interface SlurmCommands {
  /** @returns the job's number. */
  submit(words: readonly string[], options: SignalOption): Promise<string>;
  /** @returns the number of a job of that name that has not ended, or null. */
  find(jobName: string, options: SignalOption): Promise<string | null>;
  /**
   * From the queue, then from the accounting, then from what the controller remembers; null when none knows it. Asked
   * by number and name: a controller that starts anew counts from 1 again.
   */
  look(jobId: string, jobName: string, options: SignalOption): Promise<SlurmJob | null>;
  cancel(jobId: string, options: SignalOption): Promise<void>;
}

/** A number, with the cluster's name after it where there are several. */
const JOB_ID = /^(\d+)(;.*)?$/;

export function slurmCommands(runner: CommandRunner = runCommand): SlurmCommands {
  async function run(command: readonly string[], { signal }: SignalOption): Promise<CommandResult> {
    try {
      return await runner(command, { signal });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new TrainingError('slurm', `${command[0]} could not be started (${(cause as Error).message}).`, {
        hint: 'Run this where Slurm is, or pass runCommand, for example over ssh.',
        cause,
      });
    }
  }

  async function fromQueue(jobId: string, jobName: string, options: SignalOption): Promise<SlurmJob | null> {
    const words = ['squeue', '-h', '--states=all', `--jobs=${jobId}`, `--name=${jobName}`, '--format=%T|%r'];
    const { exitCode, stdout, stderr } = await run(words, options);
    if (exitCode !== 0 && !/invalid job id/i.test(stderr)) throw refused('squeue', stderr);
    const [state = '', reason = ''] = stdout.trim().split('|');
    return state === '' ? null : { state, reason: wordsOf(reason), exitCode: null };
  }

  async function fromAccounting(
    jobId: string,
    jobName: string,
    options: SignalOption,
  ): Promise<SlurmJob | null> {
    const words = ['sacct', '-n', '-X', '-P', '-j', jobId, `--name=${jobName}`, '-o', 'State,ExitCode'];
    // It fails where there is no accounting, which is common.
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
    const reason = wordsOf(/\bReason=(\S+)/.exec(stdout)?.[1] ?? '');
    return { state, reason, exitCode: codeOf(/\bExitCode=(\S+)/.exec(stdout)?.[1] ?? '') };
  }

  return {
    async submit(words, options) {
      const { exitCode, stdout, stderr } = await run(['sbatch', '--parsable', ...words], options);
      const jobId = JOB_ID.exec(stdout.trim())?.[1];
      if (exitCode !== 0 || jobId === undefined) throw refused('sbatch', stderr || stdout);
      return jobId;
    },
    async find(jobName, options) {
      const words = ['squeue', '-h', '--me', `--name=${jobName}`, '--format=%i'];
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

export function isWaiting(state: string): boolean {
  return WAITING.includes(state);
}

/** A state of a release to come is taken for one of a job that goes on: nobody should give up on it. */
export function hasEnded(state: string): boolean {
  return /^(?:COMPLETED|CANCELLED|FAILED|TIMEOUT|DEADLINE|NODE_FAIL|OUT_OF_MEMORY|PREEMPTED|BOOT_FAIL|REVOKED)\b/.test(
    state,
  );
}

/** `exit:signal`. A job that a signal ended is told as a shell would. */
function codeOf(text: string): number | null {
  const [, code, signal] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (code === undefined) return null;
  return Number(signal) > 0 ? 128 + Number(signal) : Number(code);
}

/** Slurm writes `None` for no reason. */
function wordsOf(reason: string): string | null {
  return reason === '' || reason === 'None' ? null : reason;
}

function refused(command: string, message: string): TrainingError {
  return new TrainingError('slurm', `${command}: ${message.trim() || 'it gave no reason'}`);
}
