import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { InvalidFileError } from '../../errors.ts';
import { fileSha256 } from '../../internal/hash.ts';
import type { TrainingArtifact } from '../training-backend.ts';
import { exists, readJobManifest } from './job-folder.ts';

/** The first result that is missing from a job's directory. Undefined if none is. */
export async function missingOutput(folder: string): Promise<string | undefined> {
  return firstMissing(folder, (await readJobManifest(folder)).outputs);
}

/** What a checkpoint has only to resume from, a pickle that can hold a token, and a card that the trainer leaves unfinished. */
const NOT_THE_MODEL = /^(?:(?:optimizer|scheduler|scaler|rng_state\w*)\.\w+|training_args\.bin|README\.md)$/;

/**
 * Lists the result files in a job's directory, in order, with checksums. Checkpoints are left out unless the job keeps them, and
 * what they have only to resume from is always left out.
 *
 * @throws InvalidFileError when a result was removed.
 */
export async function listFolderArtifacts(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<TrainingArtifact[]> {
  const { stages, outputs } = await readJobManifest(folder);
  const missing = await firstMissing(folder, outputs);
  if (missing !== undefined) {
    throw new InvalidFileError(join(folder, missing), 'was removed.', {
      hint: 'Submit the job again to make it anew.',
    });
  }
  const artifacts: TrainingArtifact[] = [];
  for (const output of outputs) {
    const keepsCheckpoints = stages.some(({ training, checkpoints }) => training === output && checkpoints);
    for (const location of (await filesIn(join(folder, output), keepsCheckpoints === true)).sort()) {
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

async function filesIn(folder: string, withCheckpoints: boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      const isCheckpoint = entry.isDirectory() && /^checkpoint-\d+$/.test(entry.name);
      if (isCheckpoint) return withCheckpoints ? modelFilesIn(path) : [];
      if (entry.isFile()) return [path];
      return entry.isDirectory() ? filesIn(path, withCheckpoints) : [];
    }),
  );
  return found.flat();
}

async function modelFilesIn(checkpoint: string): Promise<string[]> {
  return (await filesIn(checkpoint, false)).filter((path) => !NOT_THE_MODEL.test(basename(path)));
}
