import { cp, rename, rm } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { removeLeftovers, temporaryName } from '../../internal/leftovers.ts';
import { makeDirectory } from '../../internal/make-directory.ts';
import type { Checkpoint } from './checkpoints.ts';
import { type MergeOptions, mergeCheckpoint } from './merge-checkpoint.ts';

/** What only a training that resumes needs, which may be twice as large as the weights. */
const TRAINER_STATE =
  /^(?:optimizer|scheduler|rng_state|scaler|trainer_state|training_args|global_step|latest$|zero_to_fp32)/;

/** Writes the complete weights of a checkpoint. The directory is there once it is complete. */
export async function writeWeights(
  checkpoint: Checkpoint,
  out: string,
  options: MergeOptions,
): Promise<void> {
  const { path, isAdapter } = checkpoint;
  const target = resolve(out);
  makeDirectory(dirname(target));
  await removeLeftovers(target);
  const draft = temporaryName(target);
  try {
    if (isAdapter) await mergeCheckpoint(path, draft, options);
    else await copyWeights(path, draft);
    await rename(draft, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function copyWeights(from: string, to: string): Promise<void> {
  return cp(from, to, { recursive: true, filter: (file) => !TRAINER_STATE.test(relative(from, file)) });
}
