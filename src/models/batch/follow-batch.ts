import { ModelCallError } from '../../errors.ts';
import { sleep } from '../../internal/sleep.ts';
import type { BatchEvent } from './batch-events.ts';
import { cancelled, refused } from './batch-failures.ts';
import type { BatchRecord } from './batch-file.ts';
import type { BatchHandle, BatchProvider, BatchStatus } from './batch-provider.ts';
import type { BatchRecords } from './batch-records.ts';
import type { patience } from './patience.ts';
import { findBatch, submitBatch } from './submit-batch.ts';
import type { WaitingCall } from './waiting-call.ts';

/** A batch that calls wait for. */
export interface FollowedBatch {
  /** Lets another call wait for its row. False if it is too late: the results are being read. */
  join(call: WaitingCall): boolean;
  /** The call no longer waits. When none does, the batch is left alone. */
  leave(call: WaitingCall): void;
  /** Calls that wait. */
  size(): number;
}

/** Rows that have no result and are sent again. */
export interface SentAgain {
  /** With the error for the case that they are not. */
  readonly rows: readonly { readonly call: WaitingCall; readonly error: Error }[];
  /** Whether it counts as an attempt. */
  readonly isAttempt: boolean;
  /** Whether the provider refused so many rows at once. */
  readonly isTooMuch: boolean;
}

/** Options of {@link followBatch}. */
export interface FollowOptions {
  readonly model: string;
  readonly provider: BatchProvider;
  readonly records: () => Promise<BatchRecords>;
  readonly record: BatchRecord;
  readonly calls: readonly WaitingCall[];
  /** Whether it is still to be submitted. Otherwise an earlier process, or part of this one, did. */
  readonly isNew: boolean;
  readonly onEvent: (event: BatchEvent) => void;
  readonly pollMs: number;
  readonly quietMs: number;
  readonly patiently: ReturnType<typeof patience>;
}

const NONE: SentAgain = { rows: [], isAttempt: false, isTooMuch: false };

/** Submits a batch, or takes it up again, and settles the calls that wait for it. `done` gives those without a result. */
export function followBatch(options: FollowOptions): {
  readonly batch: FollowedBatch;
  readonly done: Promise<SentAgain>;
} {
  const { model, provider, record, isNew, onEvent, pollMs, patiently } = options;
  const waiting = new Map(options.calls.map((call) => [call.id, call]));
  const ending = new AbortController();
  const { signal } = ending;
  let isReading = false;
  let refusedRows = 0;
  let { handle } = record;

  const noResult = new ModelCallError(model, 'the batch has no result for this call.', { retryable: true });

  function allAgain(error: Error = noResult): SentAgain {
    return { ...NONE, rows: [...waiting.values()].map((call) => ({ call, error })) };
  }

  async function untilEnded(batch: BatchHandle): Promise<{ status: BatchStatus; wasRunning: boolean }> {
    let answered = 0;
    for (let wasRunning = false; ; wasRunning = true) {
      const status = await patiently('poll', () => provider.poll(batch, { signal }), signal);
      if (status.state !== 'running') return { status, wasRunning };
      if (status.answered !== null && status.answered > answered) {
        answered = status.answered;
        onEvent({ type: 'batch-progress', model, batch: batch.id, answered, rows: record.rows.length });
      }
      await sleep(pollMs, signal);
    }
  }

  /** Settles the calls whose results are there. Returns the errors of those that may pass. */
  async function readResults(batch: BatchHandle): Promise<ReadonlyMap<string, ModelCallError>> {
    const passing = new Map<string, ModelCallError>();
    isReading = true;
    await patiently(
      'results',
      async () => {
        for await (const { id, response, error } of provider.results(batch, { signal })) {
          // Rows that nobody waits for: stored already, given up, unknown, or a second line of the same row.
          const call = waiting.get(id);
          if (call === undefined || passing.has(id)) continue;
          if (error?.retryable) passing.set(id, error);
          else {
            waiting.delete(id);
            if (error !== undefined) refusedRows += 1;
            call.settle(error === undefined ? { response } : { error });
          }
        }
      },
      signal,
    );
    return passing;
  }

  function failAll(error: unknown): SentAgain {
    for (const call of waiting.values()) call.settle({ error });
    waiting.clear();
    return NONE;
  }

  async function follow(): Promise<SentAgain> {
    const start = performance.now();
    // The calls of a batch that is taken up again arrive one after the other.
    if (!isNew) await sleep(options.quietMs, signal);
    const finding = { provider, record, records: options.records, pollMs, patiently, signal };
    handle ??= isNew ? await submitBatch([...waiting.values()], finding) : await findBatch(finding);
    if (handle === null) return allAgain();
    const batch = handle;
    const rows = waiting.size;
    onEvent({ type: 'batch-submitted', model, batch: batch.id, rows, resumed: !isNew });
    const { status, wasRunning } = await untilEnded(batch);
    const { state } = status;
    // Of a batch that ended before it was taken up, the user knows, and starts again on purpose.
    const isNews = isNew || wasRunning;
    if (state === 'failed') {
      const error = refused(model, batch, status);
      if (!isNews) return allAgain();
      return status.queueFull ? { ...allAgain(error), isTooMuch: true } : failAll(error);
    }
    const passing = await readResults(batch);
    const answered = rows - waiting.size - refusedRows;
    const durationMs = performance.now() - start;
    if (state === 'cancelled' && isNews) failAll(cancelled(model, batch));
    onEvent({
      type: 'batch-done',
      model,
      batch: batch.id,
      rows,
      answered,
      refused: refusedRows,
      again: waiting.size,
      durationMs,
    });
    const left = [...waiting.values()].map((call) => ({ call, error: passing.get(call.id) ?? noResult }));
    return { ...NONE, rows: left, isAttempt: true };
  }

  async function end(): Promise<SentAgain> {
    try {
      return await follow();
    } catch (error) {
      // Deleted at the provider, or so old that its files are.
      const isGone = !isNew && ModelCallError.isInstance(error) && error.status === 404;
      return isGone ? allAgain() : failAll(error);
    } finally {
      isReading = true;
    }
  }

  let left = 0;
  async function endAndTell(): Promise<SentAgain> {
    const again = await end();
    if (!signal.aborted || handle === null) return again;
    try {
      onEvent({ type: 'batch-left', model, batch: handle.id, rows: left });
    } catch {
      // No call is left that could end with the error of the callback.
    }
    return again;
  }

  return {
    done: endAndTell(),
    batch: {
      join(call) {
        if (isReading || signal.aborted) return false;
        waiting.set(call.id, call);
        return true;
      },
      leave(call) {
        if (waiting.get(call.id) !== call) return;
        waiting.delete(call.id);
        left += 1;
        if (waiting.size === 0) ending.abort(new Error('nobody waits for the batch'));
      },
      size: () => waiting.size,
    },
  };
}
