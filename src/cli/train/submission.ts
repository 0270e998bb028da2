import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { InvalidFileError, InvalidOptionError } from '../../errors.ts';
import { readJsonFile } from '../../internal/json-file.ts';
import { writeFileAtomic } from '../../internal/write-file.ts';
import type { JsonValue } from '../../json-value.ts';
import { isVersionParameter } from '../../redact.ts';
import type { TrainingJob } from '../../training/job/training-job.ts';
import { trainingJobSchema } from '../../training/job/training-job-schema.ts';
import type { TrainingBackend, TrainingHandle } from '../../training/training-backend.ts';
import { trainingHandleSchema } from '../../training/training-handle.ts';
import { chooseEngine, DEFAULT_DIR, type EngineChoice, openEngine } from './engines.ts';

/** A submitted job and its engine. Any process can pick the job up from this, at any time. */
export interface Submission {
  readonly schema: 'aloe-submission/2';
  readonly engine: EngineChoice;
  readonly handle: TrainingHandle;
  /** The job, for the cards of its results. Absent in submissions of earlier versions. */
  readonly job?: TrainingJob | undefined;
}

const submissionSchema: z.ZodType<Submission> = z.object({
  schema: z.literal('aloe-submission/2'),
  engine: z.object({
    engine: z.string(),
    flags: z.record(z.string(), z.string().regex(/^[^\0]*$/, 'NUL bytes are not allowed')),
  }),
  handle: trainingHandleSchema,
  job: trainingJobSchema.optional(),
});

/** Name of the file in a job's directory. */
const SUBMISSION_FILE = 'submission.json';

const HINT = '`aloe train submit` prints the path to use.';

/** Below the limit of file systems, with some room. */
const MAX_NAME = 200;

/**
 * Saves a submission in the job's directory.
 *
 * @returns the path of the file.
 * @throws InvalidFileError when the job's id cannot be a directory name.
 */
export async function saveSubmission(
  { engine, flags }: EngineChoice,
  handle: TrainingHandle,
  job?: TrainingJob,
): Promise<string> {
  const path = join(flags.dir ?? DEFAULT_DIR, directoryName(handle.id), SUBMISSION_FILE);
  const submission: Submission = {
    schema: 'aloe-submission/2',
    engine: { engine, flags: withoutQueries(flags) },
    handle,
    ...(job !== undefined && { job }),
  };
  await writeFileAtomic(path, `${JSON.stringify(submission, null, 2)}\n`);
  return path;
}

/** A server chooses the id, but must not choose where the file goes. */
function directoryName(id: string): string {
  const name = encodeURIComponent(id.toWellFormed());
  if (['', '.', '..'].includes(name) || name.length > MAX_NAME) {
    throw new InvalidFileError(
      SUBMISSION_FILE,
      `cannot be written, as the job's id ${JSON.stringify(id)} is not usable as a directory name.`,
    );
  }
  return name;
}

/** A URL's query and fragment may hold a key. Only the API version, which some services require, is kept. */
function withoutQueries(flags: EngineChoice['flags']): EngineChoice['flags'] {
  const safe = Object.entries(flags).map(([flag, value]) => {
    if (!/^https?:/i.test(value) || !URL.canParse(value)) return [flag, value];
    const url = new URL(value);
    url.hash = '';
    for (const name of [...url.searchParams.keys()]) {
      if (!isVersionParameter(name)) url.searchParams.delete(name);
    }
    return [flag, url.href];
  });
  return Object.fromEntries(safe);
}

/**
 * Path of the latest submission in a directory.
 *
 * @throws InvalidOptionError when there is none.
 */
export async function newestSubmission(dir: string): Promise<string> {
  const names = await readdir(dir).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name, SUBMISSION_FILE);
      const time = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => null,
      );
      return time === null ? [] : [{ path, time }];
    }),
  );
  const [newest] = found.flat().sort((one, other) => other.time - one.time);
  if (newest === undefined) {
    throw new InvalidOptionError(`There is no submission in ${dir}.`, {
      hint: HINT,
    });
  }
  return newest.path;
}

/**
 * Reads a submission and opens its backend. A submission is a file that may come from elsewhere, so it cannot choose
 * which key its server gets: the caller names the key's variable again.
 *
 * @param job path of a submission, or of the directory it is in.
 * @param keyVariable environment variable that holds the API key, if the job was submitted with one.
 * @param options more options of the backend. A submission holds none, for the same reason.
 * @throws InvalidFileError when there is none, or it is not valid; InvalidOptionError for its flags, or without
 * `keyVariable` if the job was submitted with one.
 */
export async function openSubmission(
  job: string,
  keyVariable?: string,
  options: Readonly<Record<string, JsonValue>> = {},
): Promise<{
  readonly backend: TrainingBackend;
  readonly handle: TrainingHandle;
  readonly job: TrainingJob | undefined;
}> {
  const isFolder = await stat(job).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  const path = isFolder ? join(job, SUBMISSION_FILE) : job;
  const {
    engine,
    handle,
    job: made,
  } = await readJsonFile(path, submissionSchema, { what: 'a submission', hint: HINT });
  const { 'key-env': submittedWith, ...flags } = engine.flags;
  if (submittedWith !== undefined && keyVariable === undefined) {
    const server = flags.address ?? flags['base-url'] ?? engine.engine;
    throw new InvalidOptionError('key-env', `the variable that holds the key for ${server}`, keyVariable, {
      hint: `The job was submitted with --key-env ${submittedWith}. Name it again if that server may have this key.`,
    });
  }
  const choice = chooseEngine({ ...flags, backend: engine.engine, 'key-env': keyVariable });
  return { backend: await openEngine(choice, options), handle, job: made };
}
