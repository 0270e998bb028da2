export type { BatchEvent } from './batch/batch-events.ts';
export type {
  BatchCallOptions,
  BatchHandle,
  BatchProvider,
  BatchResult,
  BatchRow,
  BatchState,
  BatchStatus,
} from './batch/batch-provider.ts';
export { type BatchedOptions, batched } from './batch/batched.ts';
export { openaiBatches } from './batch/openai-batches.ts';
