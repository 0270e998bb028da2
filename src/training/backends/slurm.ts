import { resolve } from 'node:path';
import * as z from 'zod';
import { InvalidOptionError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import { clearOutcome, folderOutcome } from '../folder/folder-outcome.ts';
import { programPath } from '../folder/setup-python.ts';
import { checkPassEnv } from '../folder/trainer-environment.ts';
import type { TrainingJob } from '../job/training-job.ts';
import type { TrainingBackend } from '../training-backend.ts';
import { folderBackend, type JobPlace } from './folder-backend.ts';
import { refuseWindows } from './refuse-windows.ts';
import { batchScript, sbatchWords } from './slurm/batch.ts';
import { checkSlurm } from './slurm/check.ts';
import { hasEnded, isWaiting, slurmCommands } from './slurm/commands.ts';
import type { SlurmBackendOptions } from './slurm/options.ts';

export type { CommandResult, CommandRunner } from '../../internal/run-command.ts';
export type { SlurmBackendOptions };

/** `scancel` would take any other text for one of its options, such as `--user=me`. */
const submissionSchema = z.object({ jobId: z.string().regex(/^\d+$/), submittedAt: z.string() });

const LOST = 'Slurm does not know this job, and it left no exit status.';

/**
 * Trains on a Slurm cluster, using its command-line tools and a file system that this machine shares with the nodes. A
 * job that failed, was cancelled or was lost resumes from its last checkpoint when you submit it again.
 *
 * @throws InvalidOptionError for an unknown option, an invalid `passEnv`, `sbatchOptions` or `prologue`, or a `dir` with a backslash or a line break in its path (Slurm
 * 22.05 cannot start jobs there).
 * @example
 * ```ts
 * import { interactToAlign } from 'aloe-align/training';
 * import { slurm } from 'aloe-align/training/slurm';
 *
 * const backend = slurm({ dir: '/mnt/shared/aloe', partition: 'gpu', prologue: ['module load cuda'] });
 * const job = await interactToAlign({ base: 'HuggingFaceTB/SmolLM2-135M-Instruct', dpo: 'data/trl-dpo.train.jsonl' });
 * const handle = await backend.submit(job);
 * ```
 */
export function slurm(options: SlurmBackendOptions): TrainingBackend {
  refuseWindows('slurm');
  checkKnownOptions('slurm()', options, {
    dir: true,
    python: true,
    partition: true,
    account: true,
    passEnv: true,
    sbatchOptions: true,
    prologue: true,
    runCommand: true,
  });
  const settings = {
    ...options,
    dir: checkDir(options.dir),
    passEnv: checkPassEnv(options.passEnv),
    python: programPath(options.python ?? 'python3'),
  };
  for (const name of ['sbatchOptions', 'prologue'] as const) checkTexts(name, options[name]);
  const commands = slurmCommands(options.runCommand);

  function wordsFor(job: TrainingJob, { id, folder }: JobPlace): string[] {
    return sbatchWords(job, { ...settings, folder, jobName: jobNameOf(id) });
  }

  return folderBackend({
    name: 'slurm',
    dir: settings.dir,
    record: {
      file: 'slurm.json',
      schema: submissionSchema,
      hint: 'Delete it and submit the job again. A job that is still in the queue is found by its name.',
    },
    plan: (job, place) => ({
      command: ['sbatch', '--parsable', ...wordsFor(job, place)].map(shellQuote).join(' '),
      files: { 'slurm.sh': batchScript(job, place.folder, settings) },
    }),
    async start(job, place, save, call) {
      // An earlier submitter may have died before it could record the job's number. By now that job may be done.
      const orEnded = (await folderOutcome(place.folder))?.state === 'succeeded';
      const found = await commands.find(jobNameOf(place.id), { ...call, orEnded });
      if (found === null) await clearOutcome(place.folder);
      // No signal from here on: a queued job that nobody recorded would still cost money.
      const jobId = found ?? (await commands.submit(wordsFor(job, place), {}));
      return save({ jobId, submittedAt: new Date().toISOString() });
    },
    async status({ id, folder }, submission, call) {
      const job = submission && (await commands.look(submission.jobId, jobNameOf(id), call));
      if (job && !hasEnded(job.state)) {
        return { state: isWaiting(job.state) ? 'queued' : 'running', exitCode: null, reason: job.reason };
      }
      const outcome = await folderOutcome(folder);
      if (outcome?.state === 'succeeded') return outcome;
      if (!job) return outcome ?? { state: 'lost', exitCode: null, reason: LOST };
      if (job.state.startsWith('COMPLETED')) return { state: 'succeeded', exitCode: 0, reason: null };
      if (job.state.startsWith('CANCELLED')) {
        return { state: 'cancelled', exitCode: outcome?.exitCode ?? null, reason: job.reason };
      }
      const cause = outcome?.reason ?? job.reason;
      const reason = cause === null ? job.state : `${job.state}: ${cause}`;
      return { state: 'failed', exitCode: outcome?.exitCode ?? job.exitCode, reason };
    },
    stop: ({ jobId }, call) => commands.cancel(jobId, call),
    locate: ({ jobId }) => ({ jobId }),
    check: (job, { signal }) => checkSlurm(job, settings, signal),
  });
}

/** A text would be taken apart into its characters. */
function checkTexts(option: string, texts: unknown): void {
  const isList = Array.isArray(texts) && texts.every((text) => typeof text === 'string');
  if (texts !== undefined && !isList) throw new InvalidOptionError(option, 'a list of texts', texts);
}

function checkDir(dir: string): string {
  const path = resolve(checkPath('dir', dir, 'a directory that the nodes can see'));
  if (/[\\\n]/.test(path)) {
    throw new InvalidOptionError('dir', 'a path without backslashes and line breaks', path, {
      hint: 'Slurm cannot start jobs there.',
    });
  }
  return path;
}

/** The same for everyone who submits this job, whatever they call it: an unrecorded submission is found by it. */
function jobNameOf(id: string): string {
  return `aloe-${id}`;
}
