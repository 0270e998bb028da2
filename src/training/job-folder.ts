import { access, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { InvalidFileError, TrainingError } from '../errors.ts';
import { fileSha256 } from '../internal/hash.ts';
import { removeLeftovers, temporaryName } from '../internal/leftovers.ts';
import { shellQuote } from '../internal/shell-quote.ts';
import { checkUnchanged } from './check-unchanged.ts';
import type { JobFolderManifest } from './render-job.ts';
import type { RenderedJob } from './training-job.ts';

const manifestSchema: z.ZodType<JobFolderManifest> = z.object({
  schema: z.literal('aloe-job-folder/1'),
  stages: z.array(z.object({ name: z.string(), training: z.string() })),
  outputs: z.array(z.string()),
});

/** What to do where the system refuses to write. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space, or choose another folder for jobs.',
  EDQUOT: 'Free some of your quota, or choose another folder for jobs.',
  EACCES: 'Get the right to write there, or choose another folder for jobs.',
  EPERM: 'Get the right to write there, or choose another folder for jobs.',
  EROFS: 'Choose a folder for jobs that can be written.',
  EEXIST: 'A file lies where a folder is needed: choose another folder for jobs.',
  ENOTDIR: 'A file lies where a folder is needed: choose another folder for jobs.',
  EISDIR: 'A folder lies where a file is needed: remove it, or choose another folder for jobs.',
};

/**
 * Writes a job's folder, whole or not at all. One that is there stays: its name says what is in it, and it may be in
 * use.
 *
 * @throws InvalidFileError for data that is not what it was when the job was made; TrainingError where the folder cannot
 * be written.
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
    // Another submitter was faster, with the same content.
    if (await exists(folder)) return;
    throw cannotWrite(folder, error);
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}

/** An error of the system as what the reader can do about it; any other as it is. */
function cannotWrite(folder: string, error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const hint = REMEDIES[code];
  if (hint === undefined) return error;
  return new TrainingError('job folder', `${folder} cannot be written (${message}).`, { hint, cause: error });
}

/** The copies that {@link writeJobFolder} makes, as commands. */
export function describeCopies(folder: string, { inputs }: RenderedJob): string[] {
  return Object.entries(inputs).map(
    ([path, { path: source }]) => `cp ${shellQuote(source)} ${shellQuote(join(folder, path))}`,
  );
}

/** @throws InvalidFileError where there is no job's folder. */
export async function readJobManifest(folder: string): Promise<JobFolderManifest> {
  const path = join(folder, 'manifest.json');
  const text = await readIfThere(path);
  if (text === null) throw new InvalidFileError(path, 'is not there: this is no folder of a job.');
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidFileError(path, 'is not the manifest of a job.', { cause });
  }
}

/** What `run.sh` left; null while it runs, and when it was killed. */
export async function readExitCode(folder: string): Promise<number | null> {
  const text = await readIfThere(join(folder, 'exit_code'));
  return text !== null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
