import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { InvalidFileError, InvalidOptionError } from '../../errors.ts';
import { withLock } from '../../internal/file-lock.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import { writeFileAtomic } from '../../internal/write-file.ts';
import { checkHandle, locationOf } from '../check-handle.ts';
import { listFolderArtifacts, missingOutput } from '../folder-artifacts.ts';
import { readLogFile } from '../folder-logs.ts';
import { readFolderMetrics } from '../folder-metrics.ts';
import { CANCELLED_FILE, folderOutcome, LOG_FILE } from '../folder-outcome.ts';
import { describeCopies, readIfThere, writeJobFolder } from '../job-folder.ts';
import { refuseWindows } from '../refuse-windows.ts';
import { renderJob } from '../render-job.ts';
import { programPath } from '../setup-python.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import { batchScript, sbatchWords } from './slurm-batch.ts';
import { checkSlurm } from './slurm-check.ts';
import { hasEnded, isWaiting, slurmCommands } from './slurm-commands.ts';
import type { SlurmBackendOptions } from './slurm-options.ts';

export type { SlurmBackendOptions };

/** What is known of a job in the queue; `slurm.json` in its folder. */
const submissionSchema = z.object({ jobId: z.string(), submittedAt: z.string() });

type Submission = z.infer<typeof submissionSchema>;

type SignalOption = { readonly signal?: AbortSignal | undefined };

const NAME = 'slurm';

const LOST = 'Neither Slurm nor its folder tells what became of it.';

/**
 * Trains on a Slurm cluster, with its commands and a file system that this machine shares with the nodes. A job that
 * failed, was cancelled or lost goes on from its last checkpoint when it is submitted again.
 *
 * @throws InvalidOptionError for a folder with a backslash or a line break in its path (22.05 cannot start a job there);
 * TrainingError on Windows.
 */
export function slurm(given: SlurmBackendOptions): TrainingBackend {
  refuseWindows(NAME);
  const options = { ...given, python: programPath(given.python ?? 'python3') };
  const root = checkRoot(options.folder);
  const commands = slurmCommands(options.runCommand);

  async function readStatus(folder: string, jobName: string, call: SignalOption): Promise<TrainingStatus> {
    const submission = await readSubmission(folder);
    const job = submission && (await commands.look(submission.jobId, jobName, call));
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
    const said = outcome?.reason ?? job.reason;
    const reason = said === null ? job.state : `${job.state}: ${said}`;
    return { state: 'failed', exitCode: outcome?.exitCode ?? job.exitCode, reason };
  }

  /** Run under the folder's lock. */
  async function submitOnce(
    folder: string,
    jobName: string,
    words: readonly string[],
    call: SignalOption,
  ): Promise<Submission> {
    const known = await readSubmission(folder);
    const { state } = await readStatus(folder, jobName, call);
    const isDone = state === 'succeeded' && (await missingOutput(folder)) === undefined;
    if (known !== null && (state === 'queued' || state === 'running' || isDone)) return known;
    // One whose submitter ended before it could write down the number.
    const found = await commands.find(jobName, call);
    if (found === null) {
      for (const name of ['exit_code', CANCELLED_FILE]) await rm(join(folder, name), { force: true });
    }
    // From here on it cannot be called off: a job in the queue that nobody knows would be paid for.
    const jobId = found ?? (await commands.submit(words, {}));
    const submission = { jobId, submittedAt: new Date().toISOString() };
    await writeFileAtomic(join(folder, 'slurm.json'), `${JSON.stringify(submission)}\n`);
    return submission;
  }

  const statusOf = async (handle: TrainingHandle, call: SignalOption): Promise<TrainingStatus> =>
    readStatus(folderOf(handle), jobNameOf(handle.id), call);

  return {
    name: NAME,
    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      const rendered = await renderJob(job);
      const id = rendered.id.slice(0, 16);
      const folder = join(root, id);
      await writeJobFolder(folder, rendered, signal);
      const words = sbatchWords(job, { ...options, folder, jobName: jobNameOf(id) });
      const work = async (): Promise<Submission> => {
        await writeFileAtomic(join(folder, 'slurm.sh'), batchScript(job, folder, options));
        return submitOnce(folder, jobNameOf(id), words, { signal });
      };
      const { jobId, submittedAt } = await withLock(join(folder, 'submit.lock'), work, signal);
      return {
        schema: 'aloe-training-handle/1',
        backend: NAME,
        id,
        job: { name: job.name, id: rendered.id },
        submittedAt,
        location: { folder, jobId },
      };
    },
    async preview(job) {
      const rendered = await renderJob(job);
      const id = rendered.id.slice(0, 16);
      const folder = join(root, id);
      const words = sbatchWords(job, { ...options, folder, jobName: jobNameOf(id) });
      return {
        actions: [
          ...describeCopies(folder, rendered),
          ['sbatch', '--parsable', ...words].map(shellQuote).join(' '),
        ],
        files: { ...rendered.files, 'slurm.sh': batchScript(job, folder, options) },
      };
    },
    status: (handle, call = {}) => statusOf(handle, call),
    logs: async (handle, cursor) => readLogFile(join(folderOf(handle), LOG_FILE), cursor),
    metrics: async (handle) => readFolderMetrics(folderOf(handle)),
    async cancel(handle, call = {}) {
      const { state } = await statusOf(handle, call);
      if (state !== 'queued' && state !== 'running') return;
      const folder = folderOf(handle);
      const submission = await readSubmission(folder);
      if (submission === null) return;
      await writeFile(join(folder, CANCELLED_FILE), '');
      await commands.cancel(submission.jobId, call);
    },
    async artifacts(handle, call = {}) {
      const { state } = await statusOf(handle, call);
      return state === 'succeeded' ? await listFolderArtifacts(folderOf(handle), call.signal) : [];
    },
    check: (job, call = {}) => checkSlurm(job, root, options, call.signal),
  };
}

function checkRoot(folder: string): string {
  const root = resolve(folder);
  if (/[\\\n]/.test(root)) {
    throw new InvalidOptionError('folder', 'a path without \\ and line breaks, which Slurm misreads', root);
  }
  return root;
}

function folderOf(handle: TrainingHandle): string {
  checkHandle(NAME, handle);
  return locationOf(handle, 'folder');
}

/** One for all who submit the same job, under whatever name: by it, a submission that was not written down is found. */
function jobNameOf(id: string): string {
  return `aloe-${id}`;
}

async function readSubmission(folder: string): Promise<Submission | null> {
  const path = join(folder, 'slurm.json');
  const text = await readIfThere(path);
  if (text === null) return null;
  try {
    return submissionSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidFileError(path, 'does not tell of a submission.', {
      hint: 'Remove it and submit the job again: one that is still in the queue is found by its name.',
      cause,
    });
  }
}
