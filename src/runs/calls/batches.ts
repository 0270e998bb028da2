import { join } from 'node:path';
import type { BatchHost, ChatModel, HostedModel } from '../../models/chat-model.ts';
import { BATCHES_FILE } from '../directory/run-files.ts';
import { Slots } from './slots.ts';

/** The models of a run that answer in batches. */
export interface RunBatches {
  /** The model as it works in this run. Undefined if it answers call by call. */
  host(model: ChatModel): ChatModel | undefined;
  /** Does a call at once: any number of them waits for a batch. */
  slot<Value>(call: () => Promise<Value>): Promise<Value>;
  /** Ends the waiting, and resolves when all answers that are there are on disk. Batches run on. */
  close(): Promise<void>;
}

/** Hosts the models of a run that answer in batches. */
export function batchesOf({
  dir,
  ...host
}: Omit<BatchHost, 'path'> & { readonly dir: string | null }): RunBatches {
  const path = dir === null ? null : join(dir, BATCHES_FILE);
  const queue = new Slots(Number.POSITIVE_INFINITY);
  const hosted: HostedModel[] = [];
  return {
    host(model) {
      const inRun = model.inBatches?.({ ...host, path });
      if (inRun !== undefined) hosted.push(inRun);
      return inRun?.model;
    },
    slot: (call) => queue.add(call),
    async close() {
      await Promise.all(hosted.map((each) => each.close()));
      await queue.onIdle();
    },
  };
}
