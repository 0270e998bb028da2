import { join } from 'node:path';
import type * as z from 'zod';
import { withLock } from '../../internal/file-lock.ts';
import { readJsonFileIfThere } from '../../internal/json-file.ts';
import { writeFileAtomic } from '../../internal/write-file.ts';
import { listFolderArtifacts, missingOutput } from '../folder/folder-artifacts.ts';
import { readLogFile } from '../folder/folder-logs.ts';
import { readFolderMetrics } from '../folder/folder-metrics.ts';
import { CANCELLED_FILE, LOG_FILE } from '../folder/folder-outcome.ts';
import { describeCopies, EXIT_CODE_FILE, exists, writeJobFolder } from '../folder/job-folder.ts';
import { renderJob } from '../folder/render-job.ts';
import { withCheckedJobs } from '../job/check-job.ts';
import type { TrainingJob } from '../job/training-job.ts';
import type {
  BackendCallOptions,
  Finding,
  TrainingBackend,
  TrainingHandle,
  TrainingStatus,
} from '../training-backend.ts';
import { checkHandle, locationOf } from '../training-handle.ts';

/** A job on disk: its id, and the directory it trains in. */
export interface JobPlace {
  readonly id: string;
  readonly folder: string;
}

/** What differs between backends whose jobs train in directories that this machine can read. */
export interface FolderEngine<Submission extends { readonly submittedAt: string }> {
  readonly name: string;
  /** Each job gets a subdirectory here, named after its id. */
  readonly dir: string;
  /** The file in a job's directory that records the latest submission, and what to do when it is damaged. */
  readonly record: { readonly file: string; readonly schema: z.ZodType<Submission>; readonly hint: string };
  /** @throws InvalidOptionError for a job this engine cannot run. */
  checkJob?(job: TrainingJob): void;
  /** The command that starts the job, and the engine's own files in the job's directory. */
  plan(
    job: TrainingJob,
    place: JobPlace,
  ): { readonly command: string; readonly files: Readonly<Record<string, string>> };
  /** Called under the directory's lock. `save` writes the record and returns it. */
  start(
    job: TrainingJob,
    place: JobPlace,
    save: (submission: Submission) => Promise<Submission>,
    options: BackendCallOptions,
  ): Promise<Submission>;
  status(
    place: JobPlace,
    submission: Submission | null,
    options: BackendCallOptions,
  ): Promise<TrainingStatus>;
  stop(submission: Submission, options: BackendCallOptions): Promise<void>;
  /** Further entries of a handle's location. */
  locate?(submission: Submission): Readonly<Record<string, string>>;
  check(job: TrainingJob, options: BackendCallOptions): Promise<readonly Finding[]>;
}

/** A training backend made of an engine: job directories, locks, records, logs and results are the same for all. */
export function folderBackend<Submission extends { readonly submittedAt: string }>(
  engine: FolderEngine<Submission>,
): TrainingBackend {
  const { name, dir, record } = engine;

  function placeOf(jobId: string): JobPlace {
    const id = jobId.slice(0, 16);
    return { id, folder: join(dir, id) };
  }

  function placeIn(handle: TrainingHandle): JobPlace {
    checkHandle(name, handle);
    return { id: handle.id, folder: locationOf(handle, 'folder') };
  }

  async function readRecord(folder: string): Promise<Submission | null> {
    return readJsonFileIfThere(join(folder, record.file), record.schema, {
      what: 'the record of a submission',
      hint: record.hint,
    });
  }

  async function statusIn(place: JobPlace, options: BackendCallOptions): Promise<TrainingStatus> {
    return engine.status(place, await readRecord(place.folder), options);
  }

  /** Runs under the directory's lock. A job that is queued, running or complete is not started again. */
  async function startOnce(
    job: TrainingJob,
    place: JobPlace,
    options: BackendCallOptions,
  ): Promise<Submission> {
    const { folder } = place;
    const known = await readRecord(folder);
    if (known !== null) {
      const { state } = await engine.status(place, known, options);
      if (state === 'queued' || state === 'running') return known;
      if (state === 'succeeded' && (await missingOutput(folder)) === undefined) return known;
    }
    for (const [path, text] of Object.entries(engine.plan(job, place).files)) {
      await writeFileAtomic(join(folder, path), text);
    }
    async function save(submission: Submission): Promise<Submission> {
      await writeFileAtomic(join(folder, record.file), `${JSON.stringify(submission)}\n`);
      return submission;
    }
    return engine.start(job, place, save, options);
  }

  return withCheckedJobs({
    name,
    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      engine.checkJob?.(job);
      const rendered = await renderJob(job);
      const place = placeOf(rendered.id);
      const { id, folder } = place;
      await writeJobFolder(folder, rendered, signal);
      const lock = join(folder, 'submit.lock');
      const submission = await withLock(lock, () => startOnce(job, place, { signal }), signal);
      return {
        schema: 'aloe-training-handle/1',
        backend: name,
        id,
        job: { name: job.name, id: rendered.id },
        submittedAt: submission.submittedAt,
        location: { folder, ...engine.locate?.(submission) },
      };
    },
    async preview(job) {
      engine.checkJob?.(job);
      const rendered = await renderJob(job);
      const place = placeOf(rendered.id);
      const { command, files } = engine.plan(job, place);
      return {
        actions: [...describeCopies(place.folder, rendered), command],
        files: { ...rendered.files, ...files },
      };
    },
    status: async (handle, options = {}) => statusIn(placeIn(handle), options),
    async logs(handle, cursor) {
      const { folder } = placeIn(handle);
      const isComplete = await exists(join(folder, EXIT_CODE_FILE));
      return readLogFile(join(folder, LOG_FILE), cursor, isComplete);
    },
    metrics: async (handle) => readFolderMetrics(placeIn(handle).folder),
    async cancel(handle, options = {}) {
      const place = placeIn(handle);
      const submission = await readRecord(place.folder);
      if (submission === null) return;
      const { state } = await engine.status(place, submission, options);
      if (state !== 'queued' && state !== 'running') return;
      await writeFileAtomic(join(place.folder, CANCELLED_FILE), '');
      await engine.stop(submission, options);
    },
    async artifacts(handle, options = {}) {
      const place = placeIn(handle);
      const { state } = await statusIn(place, options);
      return state === 'succeeded' ? await listFolderArtifacts(place.folder, options.signal) : [];
    },
    check: (job, options = {}) => engine.check(job, options),
  });
}
