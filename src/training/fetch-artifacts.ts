import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { InvalidFileError } from '../errors.ts';
import { makeDirectory } from '../internal/make-directory.ts';
import { openAtomic } from '../internal/write-file.ts';
import { ADAPTER_CONFIG, locateAdapterBase } from './adapter-base.ts';
import { exists } from './folder/job-folder.ts';
import type { TrainingArtifact } from './training-backend.ts';

/** Weights are gigabytes. */
const CHUNK_BYTES = 2 ** 20;

/** What {@link fetchArtifacts} did. */
export interface FetchedArtifacts {
  /** Paths of the copied files. */
  readonly copied: readonly string[];
  /** Artifacts that are not files on this machine: a hosted model's name, a path on a cluster. */
  readonly elsewhere: readonly TrainingArtifact[];
}

/**
 * Copies the files of a result into a directory and verifies their checksums. Then adapters on an earlier stage get the path of
 * its copy as their base. An artifact without a checksum is never
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
    if (isOutside(resolve(dir), target)) throw outside(artifact.path);
    makeDirectory(dirname(target));
    // The directory may be a link, but links in it may not lead out of it.
    if (isOutside(await realpath(dir), await realpath(dirname(target)))) throw outside(artifact.path);
    await copyVerified(artifact.location, target, artifact.sha256, signal);
    copied.push(join(dir, artifact.path));
  }
  for (const path of copied) if (basename(path) === ADAPTER_CONFIG) await locateAdapterBase(path, dir);
  return { copied, elsewhere };
}

function isOutside(dir: string, path: string): boolean {
  const way = relative(dir, path);
  return /^\.\.(?:[/\\]|$)/.test(way) || isAbsolute(way);
}

function outside(path: string): InvalidFileError {
  return new InvalidFileError(path, 'points outside the target directory.');
}

/** Replaces the target, also if it is a link, once all is copied and the checksum is right. */
async function copyVerified(
  source: string,
  target: string,
  sha256: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const hash = createHash('sha256');
  const writer = await openAtomic(target);
  try {
    for await (const chunk of createReadStream(source, { signal, highWaterMark: CHUNK_BYTES })) {
      hash.update(chunk as Buffer);
      await writer.write(chunk as Buffer);
    }
    if (hash.digest('hex') !== sha256) {
      throw new InvalidFileError(source, 'is not the file the backend reported: its SHA-256 differs.');
    }
    await writer.commit();
  } catch (error) {
    await writer.discard();
    signal?.throwIfAborted();
    throw error;
  }
}
