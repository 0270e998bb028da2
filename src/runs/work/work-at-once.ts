import type { ChatModel } from '../../models/chat-model.ts';
import type { Run } from '../run-contract.ts';

/** More than this takes much memory, and a batch of as many calls is cheap enough to submit. */
const MOST_AT_ONCE = 10_000;

/**
 * How many conversations, cases or replies to work on at the same time: the run's `concurrency`. If one of the models
 * answers in batches, as many as possible, since a batch takes as long for one call as for thousands.
 *
 * @param models Those that the work calls, not yet wrapped by the run.
 */
export function workAtOnce(run: Run, models: readonly (ChatModel | null | undefined)[]): number {
  return models.some((model) => model && answersInBatches(model)) ? MOST_AT_ONCE : run.concurrency;
}

/** Whether a model, or one that it calls, answers in batches. */
export function answersInBatches(model: ChatModel): boolean {
  let found = model.inBatches !== undefined;
  model.mapModels?.((inner) => {
    found ||= answersInBatches(inner);
    return inner;
  });
  return found;
}
