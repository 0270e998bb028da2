import type { ModelCallError } from '../../errors.ts';
import type { ChatRequest, ChatResponse } from '../chat-model.ts';

/** One call in a batch. */
export interface BatchRow {
  /** Names the row within its batch: up to 64 letters, digits and dashes. */
  readonly id: string;
  readonly request: ChatRequest;
}

/** A submitted batch as plain data. Any process with the same provider can pick it up again. */
export interface BatchHandle {
  /** The provider's id of the batch. */
  readonly id: string;
  /** What the provider needs beside the id. Never contains secrets. Default: nothing. */
  readonly location?: Readonly<Record<string, string>> | undefined;
}

/**
 * `running`: not finished, or a state that the provider does not know. `completed`, `expired` and `cancelled`: rows may
 * have results. `failed`: the provider refused the batch as a whole, and nothing was paid for.
 */
export type BatchState = 'running' | 'completed' | 'expired' | 'cancelled' | 'failed';

/** The current status of a batch. */
export interface BatchStatus {
  readonly state: BatchState;
  /** Rows with a result so far. Null if the provider does not say. */
  readonly answered: number | null;
  /** Why a batch failed, in the provider's words. Null otherwise. */
  readonly reason: string | null;
  /** Whether a failed batch was only too much at once: fewer rows, or the same ones later, may be accepted. */
  readonly queueFull?: boolean | undefined;
}

/** What came of a row. A row whose error is retryable is sent again, in another batch. */
export type BatchResult =
  | { readonly id: string; readonly response: ChatResponse; readonly error?: undefined }
  | { readonly id: string; readonly error: ModelCallError; readonly response?: undefined };

/** Options of every call to a {@link BatchProvider}. */
export interface BatchCallOptions {
  /** Stops the call, not the batch. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The contract of a batch API. A provider sends each request once and does not wait: `batched` retries what may pass,
 * polls, and remembers handles.
 *
 * Every method throws a `ModelCallError` if the server refuses or cannot be reached, and the signal's reason when aborted.
 */
export interface BatchProvider {
  /** Says which server and account batches belong to, as far as an address can. A handle is of use only under the same name. */
  readonly name: string;
  /** Most rows of a batch. */
  readonly maxRows: number;
  /** Largest batch, in bytes of its rows. */
  readonly maxBytes: number;
  /**
   * Starts a batch.
   *
   * @param key Chosen by the caller, and unique. It is stored with the batch, so that `find` finds it.
   */
  submit(key: string, rows: readonly BatchRow[], options?: BatchCallOptions): Promise<BatchHandle>;
  /** The batch that was submitted under this key. Null if there is none: a process may die between submitting and noting the handle. */
  find(key: string, options?: BatchCallOptions): Promise<BatchHandle | null>;
  /** Where the batch stands. */
  poll(handle: BatchHandle, options?: BatchCallOptions): Promise<BatchStatus>;
  /** The results of a batch that is no longer running, in any order. Rows without a result are left out. */
  results(handle: BatchHandle, options?: BatchCallOptions): AsyncIterable<BatchResult>;
  /** Asks for the batch to be cancelled. Rows that were answered by then are paid for and keep their results. */
  cancel(handle: BatchHandle, options?: BatchCallOptions): Promise<void>;
}
