import { access, copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { TrainingError } from '../../errors.ts';
import { fileSha256 } from '../../internal/hash.ts';
import { readJsonFile } from '../../internal/json-file.ts';
import { removeLeftovers, temporaryName } from '../../internal/leftovers.ts';
import { makeDirectory } from '../../internal/make-directory.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import { checkUnchanged } from '../job/check-job.ts';
import type { RenderedJob } from '../job/training-job.ts';
import { checkJobFolder } from './check-job-folder.ts';
import type { JobFolderManifest } from './render-job.ts';

/** A directory of a stage's results. A manifest may come from elsewhere, and must not point there. */
const result = z.string().regex(/^[A-Za-z0-9_-]+\/(?:adapter|model)$/, 'not a directory of results');

const manifestSchema: z.ZodType<JobFolderManifest> = z.object({
  schema: z.literal('aloe-job-folder/1'),
  stages: z.array(z.object({ name: z.string(), training: result, checkpoints: z.boolean().optional() })),
  outputs: z.array(result),
});

/** `run.sh` writes its exit status to this file. */
export const EXIT_CODE_FILE = 'exit_code';

/** What to do when the system refuses to write. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space, or choose another directory for jobs.',
  EDQUOT: 'Free some of your quota, or choose another directory for jobs.',
  EACCES: 'Get write permission there, or choose another directory for jobs.',
  EPERM: 'Get write permission there, or choose another directory for jobs.',
  EROFS: 'Choose a writable directory for jobs.',
  EEXIST: 'There is a file where a directory is needed. Choose another directory for jobs.',
  ENOTDIR: 'There is a file where a directory is needed. Choose another directory for jobs.',
  EISDIR: 'There is a directory where a file is needed. Remove it, or choose another directory for jobs.',
};

/**
 * Writes a job's directory, completely or not at all. An existing one is left alone, since it may be in use, but it must
 * hold this job and nothing that the job would execute or write through.
 *
 * @throws InvalidFileError for data that changed since the job was made, and for a directory that holds something else;
 * TrainingError when the directory cannot be written.
 */
export async function writeJobFolder(
  folder: string,
  job: RenderedJob,
  signal: AbortSignal | undefined,
): Promise<void> {
  const draft = temporaryName(folder);
  try {
    makeDirectory(dirname(folder));
    await removeLeftovers(folder);
    if (await exists(folder)) return await checkJobFolder(folder, job, signal);
    for (const [path, text] of Object.entries(job.files)) {
      makeDirectory(dirname(join(draft, path)));
      await writeFile(join(draft, path), text);
    }
    for (const [path, input] of Object.entries(job.inputs)) {
      signal?.throwIfAborted();
      makeDirectory(dirname(join(draft, path)));
      await copyFile(input.path, join(draft, path));
      checkUnchanged(input, await fileSha256(join(draft, path), signal));
    }
    await rename(draft, folder);
  } catch (error) {
    if (isTaken(error)) return await checkJobFolder(folder, job, signal);
    throw cannotWrite(folder, error);
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}

/** Another process wrote the same directory first. */
function isTaken(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === 'rename' && (code === 'ENOTEMPTY' || code === 'EEXIST');
}

/** Turns a file system error into one that says what to do. Other errors pass through. */
function cannotWrite(folder: string, error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const hint = REMEDIES[code];
  if (hint === undefined) return error;
  return new TrainingError('job directory', `cannot write ${folder} (${message}).`, { hint, cause: error });
}

/** The copies that {@link writeJobFolder} makes, as shell commands. */
export function describeCopies(folder: string, { inputs }: RenderedJob): string[] {
  return Object.entries(inputs).map(
    ([path, { path: source }]) => `cp ${shellQuote(source)} ${shellQuote(join(folder, path))}`,
  );
}

/** @throws InvalidFileError when the directory is not a job's. */
export async function readJobManifest(folder: string): Promise<JobFolderManifest> {
  return readJsonFile(join(folder, 'manifest.json'), manifestSchema, {
    what: 'the manifest of a job',
    hint: 'Pass a directory written by a training backend.',
  });
}

/** The exit status of `run.sh`. Null while it runs, and if it was killed. */
export async function readExitCode(folder: string): Promise<number | null> {
  const text = await readIfThere(join(folder, EXIT_CODE_FILE));
  return text !== null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

/** The text of a file, or null if there is no such file. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether a file or directory exists and is accessible. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
