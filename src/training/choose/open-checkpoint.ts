import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openaiCompatible } from '../../models/openai-compatible.ts';
import { type ServeModelOptions, serveModel } from '../serving/serve-model.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { OpenedCheckpoint } from './lazy-model.ts';
import { mergeCheckpoint } from './merge-checkpoint.ts';

/** Serves a directory of complete weights. */
export type OpenWeights = (
  dir: string,
  options: { readonly signal?: AbortSignal | undefined },
) => Promise<OpenedCheckpoint>;

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
): Promise<OpenedCheckpoint> {
  const { folder, open, signal } = options;
  const { path, stage, step, isAdapter } = checkpoint;
  if (!isAdapter) return open(path, { signal });
  const merged = join(folder, 'merged', `${stage}-${step}`);
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

/** {@link serveModel}, as a way to open weights. */
export function openServed(options: Omit<ServeModelOptions, 'signal'>): OpenWeights {
  return async (dir, { signal }) => {
    const served = await serveModel(dir, { ...options, signal });
    const { model, baseUrl, revision } = served;
    return { model: openaiCompatible(model, { baseUrl, revision }), close: served.close };
  };
}
