import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeLeftovers, temporaryName } from '../../internal/leftovers.ts';
import type { ServedWeights } from '../serving/lazy-model.ts';
import type { OpenWeights } from '../serving/open-weights.ts';
import type { Checkpoint } from './checkpoints.ts';
import { mergeCheckpoint } from './merge-checkpoint.ts';

/** What {@link openCheckpoint} needs. */
export interface OpenCheckpointOptions {
  /** The job's directory. */
  readonly folder: string;
  readonly python: string;
  readonly open: OpenWeights;
  readonly signal?: AbortSignal | undefined;
}

/** Serves a checkpoint. Weights that are merged for it are removed when it is closed. */
export async function openCheckpoint(
  checkpoint: Checkpoint,
  options: OpenCheckpointOptions,
): Promise<ServedWeights> {
  const { folder, open, signal } = options;
  const { path, isAdapter } = checkpoint;
  if (!isAdapter) return open(path, { signal });
  const merged = temporaryName(mergedIn(folder));
  const remove = () => rm(merged, { recursive: true, force: true });
  try {
    await mergeCheckpoint(path, merged, options);
    const opened = await open(merged, { signal });
    return {
      model: opened.model,
      async close() {
        await opened.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Removes what killed processes have merged in a job's directory: each is as large as the model. */
export function removeMerged(folder: string): Promise<void> {
  return removeLeftovers(mergedIn(folder));
}

const mergedIn = (folder: string): string => join(folder, 'merged');
