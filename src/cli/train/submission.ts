import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InvalidFileError } from '../../errors.ts';
import { writeFileAtomic } from '../../internal/write-file.ts';
import { readIfThere } from '../../training/job-folder.ts';
import type { TrainingBackend, TrainingHandle } from '../../training/training-backend.ts';
import { trainingHandleSchema } from '../../training/training-handle.ts';
import { DEFAULT_FOLDER, type EngineChoice, openEngine } from './engines.ts';

/** A submitted job and where it was submitted: all that another process, on another day, needs. */
export interface Submission {
  readonly schema: 'aloe-submission/1';
  readonly engine: EngineChoice;
  readonly handle: TrainingHandle;
}

const submissionSchema: z.ZodType<Submission> = z.object({
  schema: z.literal('aloe-submission/1'),
  engine: z.object({ engine: z.string(), flags: z.record(z.string(), z.string()) }),
  handle: trainingHandleSchema,
});

export const SUBMISSION_FILE = 'submission.json';

/** What file systems take, and some room. */
const MAX_NAME = 200;

/**
 * @returns the path of its file, in the job's folder.
 * @throws InvalidFileError for a job's id that names no folder.
 */
export async function saveSubmission(
  { engine, flags }: EngineChoice,
  handle: TrainingHandle,
): Promise<string> {
  const path = join(flags.folder ?? DEFAULT_FOLDER, folderName(handle.id), SUBMISSION_FILE);
  const submission: Submission = {
    schema: 'aloe-submission/1',
    engine: { engine, flags: withoutQueries(flags) },
    handle,
  };
  await writeFileAtomic(path, `${JSON.stringify(submission, null, 2)}\n`);
  return path;
}

/** An id is the server's to choose, but not the place of the file. */
function folderName(id: string): string {
  const name = encodeURIComponent(id.toWellFormed());
  if (['', '.', '..'].includes(name) || name.length > MAX_NAME) {
    throw new InvalidFileError(
      SUBMISSION_FILE,
      `cannot be written: the job's id ${JSON.stringify(id)} names no folder.`,
    );
  }
  return name;
}

/** A URL's query may hold a key. What is left of it is the version of an API, which some services ask for. */
function withoutQueries(flags: EngineChoice['flags']): EngineChoice['flags'] {
  const safe = Object.entries(flags).map(([flag, value]) => {
    if (!/^https?:/i.test(value) || !URL.canParse(value)) return [flag, value];
    const url = new URL(value);
    for (const name of [...url.searchParams.keys()]) {
      if (!/version$/i.test(name)) url.searchParams.delete(name);
    }
    return [flag, url.href];
  });
  return Object.fromEntries(safe);
}

/**
 * @param job the path of a submission's file or of the folder it is in.
 * @throws InvalidFileError where there is none.
 */
export async function openSubmission(
  job: string,
): Promise<{ readonly backend: TrainingBackend; readonly handle: TrainingHandle }> {
  const isFolder = await stat(job).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  const path = isFolder ? join(job, SUBMISSION_FILE) : job;
  const text = await readIfThere(path);
  if (text === null) {
    throw new InvalidFileError(path, 'is not there.', {
      hint: '`aloe train submit` prints the path to give.',
    });
  }
  let submission: Submission;
  try {
    submission = submissionSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidFileError(path, 'is not a submission.', { cause });
  }
  return { backend: await openEngine(submission.engine), handle: submission.handle };
}
