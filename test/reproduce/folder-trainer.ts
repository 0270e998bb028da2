import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSha256 } from '../../src/internal/hash.ts';
import { renderJob } from '../../src/training/folder/render-job.ts';
import type { TrainingBackend, TrainingHandle } from '../../src/training/training-backend.ts';

/** A backend that "trains" by writing a directory for each stage, and says which jobs it has started. */
export interface FolderTrainer extends TrainingBackend {
  /** Names of the jobs started by this process, in order. */
  readonly started: readonly string[];
}

/** Keeps its results in a directory, so that another one there finds them. */
export function folderTrainer(dir: string, state: 'succeeded' | 'failed' = 'succeeded'): FolderTrainer {
  const started: string[] = [];
  const folderOf = (handle: TrainingHandle) => join(dir, handle.id);
  return {
    name: 'folder',
    started,
    async submit(job) {
      const { id } = await renderJob(job);
      const made = await mkdir(join(dir, id), { recursive: true });
      if (made !== undefined) {
        started.push(job.name);
        for (const { name } of job.stages) {
          await mkdir(join(dir, id, name, 'model'), { recursive: true });
          await writeFile(join(dir, id, name, 'model', 'config.json'), `{"trained": "${name} of ${id}"}`);
        }
      }
      return {
        schema: 'aloe-training-handle/1',
        backend: 'folder',
        id,
        job: { name: job.name, id },
        submittedAt: '2026-01-01T00:00:00Z',
        location: { folder: join(dir, id) },
      };
    },
    preview: async () => ({ actions: [], files: {} }),
    status: async () => ({ state, exitCode: state === 'failed' ? 1 : 0, reason: null }),
    logs: async (_handle, cursor) => ({
      text: cursor === 'end' ? '' : 'ValueError: no rows\n',
      cursor: 'end',
    }),
    metrics: async () => [{ stage: 'sft', step: 1, values: { loss: 1.5 } }],
    cancel: async () => {},
    async artifacts(handle) {
      const paths = ['sft', 'dpo'].map((stage) => `${stage}/model/config.json`);
      const found = await Promise.all(
        paths.map(async (path) => {
          const location = join(folderOf(handle), path);
          const sha256 = await fileSha256(location).catch(() => null);
          return sha256 === null ? [] : [{ path, location, bytes: 1, sha256 }];
        }),
      );
      return found.flat();
    },
    check: async () => [],
  };
}
