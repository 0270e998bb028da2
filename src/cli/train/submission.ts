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

const FILE = 'submission.json';

/** @returns the path of its file, in the job's folder. */
export async function saveSubmission(engine: EngineChoice, handle: TrainingHandle): Promise<string> {
  const path = join(engine.flags.folder ?? DEFAULT_FOLDER, handle.id, FILE);
  const submission: Submission = { schema: 'aloe-submission/1', engine, handle };
  await writeFileAtomic(path, `${JSON.stringify(submission, null, 2)}\n`);
  return path;
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
  const path = isFolder ? join(job, FILE) : job;
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
