import { BatchError } from '../../errors.ts';
import type { BatchHandle, BatchStatus } from './batch-provider.ts';

/** How a model is asked in batches: in code, and on the command line. */
export const BATCHED = 'batched() (or --batch, or batch in the config)';

/** The provider refused a batch as a whole. */
export function refused(model: string, { id }: BatchHandle, { reason, queueFull }: BatchStatus): BatchError {
  return new BatchError(`${model}: the provider refused the batch ${id}: ${reason ?? 'no reason given'}.`, {
    hint: queueFull
      ? 'Wait until other batches of the account have ended, and run the program again.'
      : `Nothing was paid for. Correct what it names, or leave out ${BATCHED}.`,
  });
}

/** Somebody cancelled a batch while it was waited for. */
export function cancelled(model: string, { id }: BatchHandle): BatchError {
  return new BatchError(`${model}: the batch ${id} was cancelled.`, {
    hint: 'Answers it had by then are saved. Run the program again to send the rest in a new batch.',
  });
}
