import { access, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { TrainingError } from '../errors.ts';
import { fileSha256 } from '../internal/hash.ts';
import { readJsonFile } from '../internal/json-file.ts';
import { removeLeftovers, temporaryName } from '../internal/leftovers.ts';
import { shellQuote } from '../internal/shell-quote.ts';
import { checkUnchanged } from './check-job.ts';
import type { JobFolderManifest } from './render-job.ts';
import type { RenderedJob } from './training-job.ts';

const manifestSchema: z.ZodType<JobFolderManifest> = z.object({
  schema: z.literal('aloe-job-folder/1'),
  stages: z.array(z.object({ name: z.string(), training: z.string() })),
  outputs: z.array(z.string()),
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
 * Writes a job's directory, completely or not at all. An existing one is left alone: its name is a hash of its content,
 * and it may be in use.
 *
 * @throws InvalidFileError for data that changed since the job was made; TrainingError when the directory cannot be
 * written.
 */
export async function writeJobFolder(
  folder: string,
  job: RenderedJob,
  signal: AbortSignal | undefined,
): Promise<void> {
  const draft = temporaryName(folder);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await removeLeftovers(folder);
    if (await exists(folder)) return;
    for (const [path, text] of Object.entries(job.files)) {
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await writeFile(join(draft, path), text);
    }
    for (const [path, input] of Object.entries(job.inputs)) {
      signal?.throwIfAborted();
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await copyFile(input.path, join(draft, path));
      checkUnchanged(input, await fileSha256(join(draft, path), signal));
    }
    await rename(draft, folder);
  } catch (error) {
    // Another process wrote the same directory first.
    if (await exists(folder)) return;
    throw cannotWrite(folder, error);
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
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
