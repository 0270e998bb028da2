import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileSha256 } from '../internal/hash.ts';
import { readJobManifest } from './job-folder.ts';
import type { TrainingArtifact } from './training-backend.ts';

/** The result files of a job's folder, in order, with their sums. Checkpoints on the way are not part of it. */
export async function listFolderArtifacts(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<TrainingArtifact[]> {
  const { outputs } = await readJobManifest(folder);
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
