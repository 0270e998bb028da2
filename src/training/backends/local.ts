import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { InvalidFileError, TrainingError } from '../../errors.ts';
import { withLock } from '../../internal/file-lock.ts';
import { checkNumber } from '../../internal/options.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import { writeFileAtomic } from '../../internal/write-file.ts';
import { checkHandle, locationOf } from '../check-handle.ts';
import { checkOneNode } from '../check-one-node.ts';
import { checkPython } from '../check-python.ts';
import { listFolderArtifacts, missingOutput } from '../folder-artifacts.ts';
import { readLogFile } from '../folder-logs.ts';
import { readFolderMetrics } from '../folder-metrics.ts';
import { CANCELLED_FILE, folderOutcome, LOG_FILE } from '../folder-outcome.ts';
import { describeCopies, readExitCode, readIfThere, writeJobFolder } from '../job-folder.ts';
import { refuseWindows } from '../refuse-windows.ts';
import { renderJob } from '../render-job.ts';
import { defaultPython, programPath } from '../setup-python.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import { endGroup, groupOf, isGroupAlive } from './process-group.ts';

export interface LocalBackendOptions {
  /** Jobs live here, each in a folder named after its id. Default `runs/training`. */
  readonly folder?: string | undefined;
  /** A Python with TRL. Default: the one that `setupPython` has made, else `python3`. */
  readonly python?: string | undefined;
  /** How long a cancelled trainer may take to end before it is killed, in milliseconds. Default 10,000. */
  readonly graceMs?: number | undefined;
}

const NAME = 'local';

/** What is known of the process of a job; `process.json` in its folder. */
const processSchema = z.object({ pid: z.number(), startedAt: z.string(), submittedAt: z.string() });

/**
 * Trains on this machine (Linux or macOS), in a process group of its own that outlives this process: any other takes
 * it up again by its handle. A job that failed, was cancelled or lost goes on from its last checkpoint when it is
 * submitted again.
 *
 * @throws TrainingError on Windows.
 */
export function local(options: LocalBackendOptions = {}): TrainingBackend {
  refuseWindows(NAME);
  const root = resolve(options.folder ?? 'runs/training');
  const python = programPath(options.python ?? defaultPython());
  const graceMs = checkNumber('graceMs', options.graceMs ?? 10_000, { min: 0 });

  return {
    name: NAME,
    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      checkOneNode(job, 'this machine');
      const rendered = await renderJob(job);
      const id = rendered.id.slice(0, 16);
      const folder = join(root, id);
      await writeJobFolder(folder, rendered, signal);
      const submittedAt = await withLock(
        join(folder, 'submit.lock'),
        () => startOnce(folder, python),
        signal,
      );
      return {
        schema: 'aloe-training-handle/1',
        backend: NAME,
        id,
        job: { name: job.name, id: rendered.id },
        submittedAt,
        location: { folder },
      };
    },
    async preview(job) {
      checkOneNode(job, 'this machine');
      const rendered = await renderJob(job);
      const folder = join(root, rendered.id.slice(0, 16));
      const run = `cd ${shellQuote(folder)} && ALOE_PYTHON=${shellQuote(python)} bash run.sh`;
      return { actions: [...describeCopies(folder, rendered), run], files: rendered.files };
    },
    status: async (handle) => readStatus(folderOf(handle)),
    logs: async (handle, cursor) => readLogFile(join(folderOf(handle), LOG_FILE), cursor),
    metrics: async (handle) => readFolderMetrics(folderOf(handle)),
    async cancel(handle, { signal } = {}) {
      const folder = folderOf(handle);
      const group = await readProcess(folder);
      if (group === null || !(await isGroupAlive(group))) return;
      await writeFile(join(folder, CANCELLED_FILE), '');
      await endGroup(group, graceMs, signal);
    },
    async artifacts(handle, { signal } = {}) {
      const folder = folderOf(handle);
      const { state } = await readStatus(folder);
      return state === 'succeeded' ? await listFolderArtifacts(folder, signal) : [];
    },
    check: (job, { signal } = {}) => checkPython({ job, folder: root, python, hasGpus: true, signal }),
  };
}

function folderOf(handle: TrainingHandle): string {
  checkHandle(NAME, handle);
  return locationOf(handle, 'folder');
}

/** @returns when it was submitted first. */
async function startOnce(folder: string, python: string): Promise<string> {
  const known = await readProcess(folder);
  const { state } = await readStatus(folder);
  const isDone = state === 'succeeded' && (await missingOutput(folder)) === undefined;
  if (known !== null && (state === 'running' || isDone)) return known.submittedAt;
  // What an earlier attempt left would be taken for the end of this one.
  for (const name of ['exit_code', CANCELLED_FILE]) await rm(join(folder, name), { force: true });

  const log = await open(join(folder, LOG_FILE), 'a');
  try {
    // It waits for a word from here: no job runs that `process.json` does not tell of, even if this process ends now.
    const child = spawn('bash', ['-c', 'read -r word && [ "$word" = start ] && exec bash run.sh'], {
      cwd: folder,
      detached: true,
      env: { ...process.env, ALOE_PYTHON: python },
      stdio: ['pipe', log.fd, log.fd],
    });
    const group = await groupOf(await pidOf(child));
    if (group === null) throw new TrainingError(NAME, 'The process of the job ended at once.');
    const submittedAt = new Date().toISOString();
    await writeFileAtomic(join(folder, 'process.json'), `${JSON.stringify({ ...group, submittedAt })}\n`);
    child.stdin?.end('start\n');
    child.unref();
    return submittedAt;
  } finally {
    await log.close();
  }
}

async function pidOf(child: ChildProcess): Promise<number> {
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new TrainingError(NAME, `bash could not be started (${(cause as Error).message}).`, { cause });
  }
  return child.pid!;
}

async function readProcess(folder: string): Promise<z.infer<typeof processSchema> | null> {
  const path = join(folder, 'process.json');
  const text = await readIfThere(path);
  if (text === null) return null;
  try {
    return processSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidFileError(path, 'does not tell of a process.', {
      hint: 'Once no trainer of this job runs (see ps), remove it and submit the job again: it goes on where it was.',
      cause,
    });
  }
}

async function readStatus(folder: string): Promise<TrainingStatus> {
  if ((await readExitCode(folder)) === null) {
    const group = await readProcess(folder);
    if (group !== null && (await isGroupAlive(group)))
      return { state: 'running', exitCode: null, reason: null };
  }
  const outcome = await folderOutcome(folder);
  return outcome ?? { state: 'lost', exitCode: null, reason: 'Its process is gone and left no exit status.' };
}
