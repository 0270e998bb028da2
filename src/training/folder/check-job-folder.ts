import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFileError } from '../../errors.ts';
import { fileSha256, sha256 } from '../../internal/hash.ts';
import { unreadable } from '../../internal/unreadable.ts';
import type { RenderedJob } from '../job/training-job.ts';

const HINT = 'Remove the directory, or choose another one for jobs.';

/**
 * Checks a job's directory that exists already. Its name is easy to foresee, so it may have come with somebody's data.
 *
 * @throws InvalidFileError unless it holds this job's files and data, no link that the job would write through, and no
 * module that Python would import.
 */
export async function checkJobFolder(
  folder: string,
  job: RenderedJob,
  signal: AbortSignal | undefined,
): Promise<void> {
  await refuseForeignFiles(folder, job);
  const files = Object.entries(job.files).map(([path, text]) => [path, sha256(text)] as const);
  const inputs = Object.entries(job.inputs).map(([path, input]) => [path, input.sha256] as const);
  for (const [path, expected] of [...files, ...inputs]) {
    const file = join(folder, path);
    const actual = await fileSha256(file, signal).catch((error: Error) => {
      signal?.throwIfAborted();
      throw unreadable(file, error, { hint: HINT });
    });
    if (actual !== expected) {
      throw new InvalidFileError(file, 'is not what this job would write.', { hint: HINT });
    }
  }
}

async function refuseForeignFiles(folder: string, job: RenderedJob): Promise<void> {
  const paths = [...Object.keys(job.files), ...Object.keys(job.inputs), ...job.outputs];
  // Only the job's own directories: tools such as Weights & Biases put links into theirs.
  const own = new Set([...paths.map((path) => path.split('/')[0]!), 'done']);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    refuse(entry, path, job, entry.name);
    if (!entry.isDirectory()) continue;
    for (const inner of await readdir(path, { withFileTypes: true, recursive: own.has(entry.name) })) {
      const innerPath = join(inner.parentPath, inner.name);
      if (own.has(entry.name)) refuse(inner, innerPath, job, innerPath.slice(folder.length + 1));
      else if (/^__init__\./.test(inner.name)) throw foreign(innerPath);
    }
  }
}

function refuse(
  entry: { readonly name: string; isSymbolicLink(): boolean },
  path: string,
  { files }: RenderedJob,
  relative: string,
): void {
  const isModule = /\.(?:pyc?|pyw|so|pyd)$/.test(entry.name) && !Object.hasOwn(files, relative);
  if (isModule || entry.isSymbolicLink()) throw foreign(path);
}

function foreign(path: string): InvalidFileError {
  return new InvalidFileError(path, 'does not belong to this job.', { hint: HINT });
}
