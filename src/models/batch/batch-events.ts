/** What `batched` reports. `batch` is the provider's id. */
export type BatchEvent =
  /** A batch was submitted, or one of an earlier process was taken up again. */
  | {
      readonly type: 'batch-submitted';
      readonly model: string;
      readonly batch: string;
      /** Calls in the batch. Of one that was taken up again: those that are waited for. */
      readonly rows: number;
      /** Whether an earlier process submitted it. */
      readonly resumed: boolean;
    }
  /** More rows have results. */
  | {
      readonly type: 'batch-progress';
      readonly model: string;
      readonly batch: string;
      readonly answered: number;
      readonly rows: number;
    }
  /** The batch has ended and its results are read. `again` rows are sent once more, in another batch; `refused` rows failed for good. */
  | {
      readonly type: 'batch-done';
      readonly model: string;
      readonly batch: string;
      readonly rows: number;
      readonly answered: number;
      readonly refused: number;
      readonly again: number;
      readonly durationMs: number;
    }
  /** The server cannot be reached or is overloaded. Batches that are submitted run on meanwhile. */
  | {
      readonly type: 'batch-retry';
      readonly model: string;
      readonly step: 'submit' | 'find' | 'poll' | 'results';
      readonly error: unknown;
      readonly waitMs: number;
    }
  /** The work was stopped while the batch runs. It is not cancelled: the next process takes it up. */
  | {
      readonly type: 'batch-left';
      readonly model: string;
      readonly batch: string;
      /** Calls that were waited for. */
      readonly rows: number;
    };
