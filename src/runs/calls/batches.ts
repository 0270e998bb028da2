import { join } from 'node:path';
import { InvalidOptionError } from '../../errors.ts';
import type { BatchHost, ChatModel, HostedModel } from '../../models/chat-model.ts';
import { BATCHES_FILE } from '../directory/run-files.ts';
import { Slots } from './slots.ts';

/** The models of a run that answer in batches. */
export interface RunBatches {
  /**
   * The model as it works in this run. Undefined if it answers call by call.
   *
   * @throws InvalidOptionError if it answers in batches and the run is shared.
   */
  host(model: ChatModel): ChatModel | undefined;
  /** Makes a call at once, without a slot: any number of calls can wait for a batch. */
  slot<Value>(call: () => Promise<Value>): Promise<Value>;
  /** Stops waiting for batches, which go on at the provider. Resolves when all answers so far are on disk. */
  close(): Promise<void>;
}

/** What {@link batchesOf} needs of a run. */
export interface BatchesOptions extends Omit<BatchHost, 'path'> {
  /** Where batches are recorded. Null for nowhere. */
  readonly dir: string | null;
  /** Whether several processes may work on the run. */
  readonly isShared: boolean;
}

/** Hosts the models of a run that answer in batches. */
export function batchesOf({ dir, isShared, ...host }: BatchesOptions): RunBatches {
  const path = dir === null ? null : join(dir, BATCHES_FILE);
  const queue = new Slots(Number.POSITIVE_INFINITY);
  const hosted: HostedModel[] = [];
  return {
    host(model) {
      if (model.inBatches === undefined) return undefined;
      if (isShared) throw refused(model);
      const inRun = model.inBatches({ ...host, path });
      hosted.push(inRun);
      return inRun.model;
    },
    slot: (call) => queue.add(call),
    async close() {
      await Promise.all(hosted.map((each) => each.close()));
      await queue.onIdle();
    },
  };
}

/** Submitted batches are recorded in the run directory, and another process could not take them up. */
function refused({ id }: ChatModel): InvalidOptionError {
  return new InvalidOptionError(`"${id}" answers in batches, which a run in PostgreSQL does not record.`, {
    hint: 'Keep the run in a directory, or use the model without batches (in a config, without batch: true).',
  });
}
