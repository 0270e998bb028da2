import { join } from 'node:path';
import { InvalidOptionError, TrainingError } from '../../errors.ts';
import { sleep } from '../../internal/sleep.ts';
import { readJobManifest } from '../folder/job-folder.ts';
import { isFinal } from '../follow-training.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import { type Checkpoint, listCheckpoints } from './checkpoints.ts';

/** What {@link watchCheckpoints} needs. */
export interface WatchOptions {
  /** Default: the job's last stage. */
  readonly stage?: string | undefined;
  readonly pollMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Yields the checkpoints of a job as they appear, in the order of their steps, until the job has ended.
 *
 * @throws TrainingError if the job ends without one; InvalidOptionError if its directory cannot be read from here, or it has no
 * such stage.
 */
export async function* watchCheckpoints(
  backend: TrainingBackend,
  handle: TrainingHandle,
  { stage, pollMs, signal }: WatchOptions,
): AsyncGenerator<Checkpoint> {
  const folder = folderOf(handle);
  const seen = new Set<number>();
  for (;;) {
    // Asked first: a job that has ended by now writes no more.
    const status = await backend.status(handle, { signal });
    const { name, checkpoints } = await checkpointsIn(folder, stage);
    for (const checkpoint of checkpoints) {
      if (seen.has(checkpoint.step)) continue;
      seen.add(checkpoint.step);
      yield checkpoint;
    }
    if (isFinal(status)) {
      if (seen.size === 0) throw without(handle, name, status);
      return;
    }
    await sleep(pollMs, signal);
  }
}

/** @throws InvalidOptionError for a hosted job, and others without a directory that can be read from here. */
export function folderOf({ location, job }: TrainingHandle): string {
  if (location.folder !== undefined) return location.folder;
  throw new InvalidOptionError('jobs', 'jobs whose directory can be read on this machine', job.name);
}

/**
 * The checkpoints of a stage that are there now, and the stage's name.
 *
 * @param name Default: the last stage.
 */
export async function checkpointsIn(
  folder: string,
  name: string | undefined,
): Promise<{ readonly name: string; readonly checkpoints: readonly Checkpoint[] }> {
  const { stages } = await readJobManifest(folder);
  const own = name === undefined ? stages.at(-1) : stages.find((stage) => stage.name === name);
  if (own !== undefined) {
    return { name: own.name, checkpoints: await listCheckpoints(own.name, join(folder, own.training)) };
  }
  throw new InvalidOptionError('stage', `one of ${stages.map((stage) => stage.name).join(', ')}`, name);
}

function without(
  { job, backend }: TrainingHandle,
  stage: string,
  { state, reason }: TrainingStatus,
): TrainingError {
  return new TrainingError(
    backend,
    `${job.name} ${state} without a checkpoint of ${stage}. ${reason ?? ''}`.trim(),
    {
      hint: 'Make the job with the option "checkpoints" of interactToAlign().',
    },
  );
}
