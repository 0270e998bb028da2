import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { InvalidFileError } from '../errors.ts';
import { fileSha256 } from '../internal/hash.ts';
import { exists } from './job-folder.ts';
import type { TrainingArtifact } from './training-backend.ts';

export interface FetchedArtifacts {
  /** Files that were copied, by their paths in the new folder. */
  readonly copied: readonly string[];
  /** What is no file of this machine: a hosted model's name, a path on a cluster. */
  readonly elsewhere: readonly TrainingArtifact[];
}

/**
 * Copies the files of a result into a folder and checks each against its sum. A file is what its backend gave a sum
 * for: a name without one may come from a service, and is never looked for on this machine.
 *
 * @throws InvalidFileError for one that is not what the engine said, or whose path leads out of the folder.
 */
export async function fetchArtifacts(
  artifacts: readonly TrainingArtifact[],
  folder: string,
  signal?: AbortSignal,
): Promise<FetchedArtifacts> {
  const copied: string[] = [];
  const elsewhere: TrainingArtifact[] = [];
  for (const artifact of artifacts) {
    signal?.throwIfAborted();
    if (artifact.sha256 === null || !(await exists(artifact.location))) {
      elsewhere.push(artifact);
      continue;
    }
    const target = resolve(folder, artifact.path);
    if (relative(folder, target).startsWith('..')) {
      throw new InvalidFileError(artifact.path, 'leads out of the folder.');
    }
    await mkdir(dirname(target), { recursive: true });
    await copyFile(artifact.location, target);
    if ((await fileSha256(target, signal)) !== artifact.sha256) {
      throw new InvalidFileError(artifact.location, 'is not what the engine told of: its SHA-256 differs.');
    }
    copied.push(join(folder, artifact.path));
  }
  return { copied, elsewhere };
}
