import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { InvalidFileError } from '../../errors.ts';
import { fileSha256 } from '../../internal/hash.ts';
import type { TrainingArtifact } from '../training-backend.ts';
import { exists, readJobManifest } from './job-folder.ts';

/** The first result that is missing from a job's directory. Undefined if none is. */
export async function missingOutput(folder: string): Promise<string | undefined> {
  return firstMissing(folder, (await readJobManifest(folder)).outputs);
}

/**
 * Lists the result files in a job's directory, in order, with checksums. Intermediate checkpoints are left out.
 *
 * @throws InvalidFileError when a result was removed.
 */
export async function listFolderArtifacts(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<TrainingArtifact[]> {
  const { outputs } = await readJobManifest(folder);
  const missing = await firstMissing(folder, outputs);
  if (missing !== undefined) {
    throw new InvalidFileError(join(folder, missing), 'was removed.', {
      hint: 'Submit the job again to make it anew.',
    });
  }
  const artifacts: TrainingArtifact[] = [];
  for (const output of outputs) {
    for (const location of (await filesIn(join(folder, output))).sort()) {
      const { size } = await stat(location);
      const sha256 = await fileSha256(location, signal);
      artifacts.push({ path: relative(folder, location), location, bytes: size, sha256 });
    }
  }
  return artifacts;
}

async function firstMissing(folder: string, outputs: readonly string[]): Promise<string | undefined> {
  for (const output of outputs) {
    if (!(await exists(join(folder, output)))) return output;
  }
  return undefined;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return [path];
      return entry.isDirectory() && !/^checkpoint-\d+$/.test(entry.name) ? filesIn(path) : [];
    }),
  );
  return found.flat();
}
