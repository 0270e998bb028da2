import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { InvalidFileError } from '../errors.ts';
import { fileSha256 } from '../internal/hash.ts';
import { exists } from './job-folder.ts';
import type { TrainingArtifact } from './training-backend.ts';

/** What {@link fetchArtifacts} did. */
export interface FetchedArtifacts {
  /** Paths of the copied files. */
  readonly copied: readonly string[];
  /** Artifacts that are not files on this machine: a hosted model's name, a path on a cluster. */
  readonly elsewhere: readonly TrainingArtifact[];
}

/**
 * Copies the files of a result into a directory and verifies their checksums. An artifact without a checksum is never
 * looked up on this machine: its name may come from a service.
 *
 * @param artifacts what the backend's `artifacts()` returned.
 * @param dir target directory, created if needed.
 * @throws InvalidFileError for a file with another checksum, or a path that points outside the directory; the signal's
 * reason when aborted.
 */
export async function fetchArtifacts(
  artifacts: readonly TrainingArtifact[],
  dir: string,
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
    const target = resolve(dir, artifact.path);
    if (relative(dir, target).startsWith('..')) {
      throw new InvalidFileError(artifact.path, 'points outside the target directory.');
    }
    await mkdir(dirname(target), { recursive: true });
    await copyFile(artifact.location, target);
    if ((await fileSha256(target, signal)) !== artifact.sha256) {
      throw new InvalidFileError(
        artifact.location,
        'is not the file the backend reported: its SHA-256 differs.',
      );
    }
    copied.push(join(dir, artifact.path));
  }
  return { copied, elsewhere };
}
