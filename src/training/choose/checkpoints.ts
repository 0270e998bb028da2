import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { exists, readIfThere } from '../folder/job-folder.ts';

/** A checkpoint in a job's directory. */
export interface Checkpoint {
  /** Name of the stage, such as `dpo`. */
  readonly stage: string;
  /** Optimizer step within the stage. */
  readonly step: number;
  /** How often the training had seen its rows. Null if the trainer does not say. */
  readonly epoch: number | null;
  /** Its directory. */
  readonly path: string;
  /** Whether it is an adapter, which has to be merged before it is served. */
  readonly isAdapter: boolean;
}

const stateSchema = z.looseObject({ global_step: z.int(), epoch: z.number().nullish() });

/**
 * The complete checkpoints of a stage, in the order of their steps. The trainer writes a checkpoint's state last, so one that is
 * still being written is left out.
 *
 * @param training The stage's directory.
 */
export async function listCheckpoints(stage: string, training: string): Promise<Checkpoint[]> {
  const names = (await readdir(training).catch(() => [])).filter((name) => /^checkpoint-\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name): Promise<Checkpoint[]> => {
      const path = join(training, name);
      const state = stateSchema.safeParse(parseState(await readIfThere(join(path, 'trainer_state.json'))));
      if (!state.success) return [];
      const { global_step: step, epoch = null } = state.data;
      const isAdapter = await exists(join(path, 'adapter_config.json'));
      return isAdapter || (await exists(join(path, 'config.json')))
        ? [{ stage, step, epoch, path, isAdapter }]
        : [];
    }),
  );
  return found.flat().sort((one, other) => one.step - other.step);
}

/** Undefined for a file that is missing or still being written. */
function parseState(text: string | null): unknown {
  try {
    // Python writes NaN and Infinity, which are not JSON.
    return text === null ? undefined : JSON.parse(text.replaceAll(/-?\bInfinity\b|\bNaN\b/g, 'null'));
  } catch {
    return undefined;
  }
}
