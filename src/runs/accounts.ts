import type { ChatModel } from '../models/chat-model.ts';

/**
 * The name under which a model's calls are booked: its id, and for calls in batches one of their own, since they cost
 * less. Both have the same answers.
 */
export function accountOf({ id, inBatches }: ChatModel): string {
  return inBatches === undefined ? id : id + IN_BATCHES;
}

/** The id of the model whose calls are booked here. */
export function modelOfAccount(account: string): string {
  return isBatchAccount(account) ? account.slice(0, -IN_BATCHES.length) : account;
}

/** Whether the calls booked here were made in batches. */
export function isBatchAccount(account: string): boolean {
  return account.endsWith(IN_BATCHES);
}

/** Number of calls of a model, in batches or not. */
export function callsOf(spent: ReadonlyMap<string, { readonly calls: number }>, modelId: string): number {
  return (spent.get(modelId)?.calls ?? 0) + (spent.get(modelId + IN_BATCHES)?.calls ?? 0);
}

/** Stored in journals. */
const IN_BATCHES = ' (batch)';
