import type { ChatModel, Usage } from '../../models/chat-model.ts';
import { costOf, type Price } from './prices.ts';

/**
 * The name under which a model's calls are booked: its id, and for calls in batches one of their own, since they cost
 * less. Both have the same answers.
 */
export function accountOf({ id, inBatches }: ChatModel): string {
  return inBatches === undefined ? id : id + IN_BATCHES;
}

/** Where calls of this account are booked whose server counted no tokens, so that theirs are an estimate. */
export function estimatedAccount(account: string): string {
  return account + ESTIMATED;
}

/** Whether the tokens booked here are an estimate. */
export function isEstimatedAccount(account: string): boolean {
  return account.endsWith(ESTIMATED);
}

/** The id of the model whose calls are booked here. */
export function modelOfAccount(account: string): string {
  return without(IN_BATCHES, without(ESTIMATED, account));
}

/** Whether the calls booked here were made in batches. */
function isBatchAccount(account: string): boolean {
  return without(ESTIMATED, account).endsWith(IN_BATCHES);
}

/** US dollars for tokens booked here, or null without a price for the model. */
export function costOfAccount(
  account: string,
  usage: Usage,
  prices: ReadonlyMap<string, Price>,
): number | null {
  return costOf(usage, prices.get(modelOfAccount(account)), isBatchAccount(account));
}

/** Number of calls of a model, in batches or not. */
export function callsOf(spent: ReadonlyMap<string, { readonly calls: number }>, modelId: string): number {
  const accounts = [modelId, modelId + IN_BATCHES].flatMap((account) => [account, estimatedAccount(account)]);
  return accounts.reduce((sum, account) => sum + (spent.get(account)?.calls ?? 0), 0);
}

function without(suffix: string, account: string): string {
  return account.endsWith(suffix) ? account.slice(0, -suffix.length) : account;
}

/** Stored in journals. */
const IN_BATCHES = ' (batch)';
const ESTIMATED = ' (estimated)';
