import { randomUUID } from 'node:crypto';
import { onAbort } from '../../internal/on-abort.ts';
import { runClosed } from '../../internal/run-storage.ts';
import type { ChatRequest, ChatResponse } from '../chat-model.ts';
import type { BatchEvent } from './batch-events.ts';
import type { BatchRecord } from './batch-file.ts';
import type { BatchProvider } from './batch-provider.ts';
import type { BatchRecords } from './batch-records.ts';
import { type FollowedBatch, followBatch, type SentAgain } from './follow-batch.ts';
import { Gathering } from './gathering.ts';
import { patience } from './patience.ts';
import type { WaitingCall } from './waiting-call.ts';

/** Options of {@link Batcher}. */
export interface BatcherOptions {
  readonly model: string;
  readonly provider: BatchProvider;
  /** Read at the first call. */
  readonly records: () => Promise<BatchRecords>;
  readonly onEvent: (event: BatchEvent) => void;
  readonly isBusy: () => boolean;
  readonly pollMs: number;
  readonly quietMs: number;
  readonly maxWaitMs: number;
  readonly maxRows: number;
  readonly retries: number;
}

/** Added to a request by its row. */
const BYTES_PER_ROW = 1_024;

/** Gathers calls into batches, and hands each its result. */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #calls = new Map<string, WaitingCall>();
  readonly #queued: Gathering;
  /** With the keys of their records. One that is being read may be followed a second time, for calls that came late. */
  readonly #batches = new Map<FollowedBatch, string>();
  readonly #following = new Set<Promise<void>>();
  readonly #patiently: ReturnType<typeof patience>;
  /** Most rows in unfinished batches, as far as the provider's queue of batches is known to hold. */
  #room = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(options: BatcherOptions) {
    const { model, provider, maxRows, quietMs, maxWaitMs, isBusy, onEvent, pollMs } = options;
    this.#options = options;
    this.#queued = new Gathering({
      maxRows,
      maxBytes: provider.maxBytes,
      quietMs,
      maxWaitMs,
      isBusy,
      room: () => this.#room - this.#rowsUnderWay(),
      submit: (calls) => this.#submit(calls),
    });
    this.#patiently = patience(pollMs, (retry) => onEvent({ type: 'batch-retry', model, ...retry }));
  }

  /** @returns The response, once a batch with this call is done. @throws ModelCallError; on abort, the signal's reason. */
  async call(id: string, request: ChatRequest, signal: AbortSignal | undefined): Promise<ChatResponse> {
    const records = await this.#options.records();
    signal?.throwIfAborted();
    if (this.#isClosed) throw runClosed();
    const record = this.#calls.has(id) ? undefined : records.find(id);
    return new Promise((resolve, reject) => {
      const call: WaitingCall = {
        id: this.#unused(id),
        request,
        bytes: Buffer.byteLength(JSON.stringify(request)) + BYTES_PER_ROW,
        attempts: 0,
        settle: (outcome) => {
          this.#calls.delete(call.id);
          stopListening?.();
          if ('response' in outcome) resolve(outcome.response);
          else reject(outcome.error);
        },
      };
      const stopListening = signal && onAbort(signal, () => this.#drop(call, signal.reason));
      this.#calls.set(call.id, call);
      if (record === undefined) this.#queued.add(call);
      else this.#resume(record, call);
    });
  }

  /** Rejects the calls that wait, and leaves their batches running. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const call of [...this.#calls.values()]) this.#drop(call, runClosed());
    await Promise.all(this.#following);
  }

  /** Outside a run, the same call twice is two calls. A batch takes each id once. */
  #unused(id: string): string {
    let unused = id;
    for (let number = 2; this.#calls.has(unused); number++) unused = `${id}-${number}`;
    return unused;
  }

  #drop(call: WaitingCall, error: unknown): void {
    call.settle({ error });
    this.#queued.remove(call);
    for (const batch of this.#batches.keys()) batch.leave(call);
  }

  #submit(calls: readonly WaitingCall[]): void {
    const record: BatchRecord = {
      key: randomUUID(),
      provider: this.#options.provider.name,
      at: new Date().toISOString(),
      rows: calls.map(({ id }) => id),
      handle: null,
    };
    this.#follow(record, calls, true);
  }

  #resume(record: BatchRecord, call: WaitingCall): void {
    for (const [batch, key] of this.#batches) if (key === record.key && batch.join(call)) return;
    this.#follow(record, [call], false);
  }

  #follow(record: BatchRecord, calls: readonly WaitingCall[], isNew: boolean): void {
    const { model, provider, records, onEvent, pollMs, quietMs } = this.#options;
    const { batch, done } = followBatch({
      model,
      provider,
      records,
      record,
      calls,
      isNew,
      onEvent,
      pollMs,
      quietMs,
      patiently: this.#patiently,
    });
    this.#batches.set(batch, record.key);
    const following = done.then((again) => {
      this.#batches.delete(batch);
      this.#following.delete(following);
      this.#takeBack(again);
      this.#queued.pump();
    });
    this.#following.add(following);
  }

  #takeBack({ rows, isAttempt, isTooMuch }: SentAgain): void {
    const underWay = this.#rowsUnderWay();
    const isHopeless = isTooMuch && rows.length <= 1 && underWay === 0;
    if (isTooMuch) this.#room = Math.max(1, Math.floor((underWay + rows.length) / 2));
    else this.#room *= 2;
    for (const { call, error } of rows) {
      if (isAttempt) call.attempts += 1;
      if (isHopeless || call.attempts > this.#options.retries) call.settle({ error });
      else if (this.#calls.has(call.id)) this.#queued.add(call);
    }
  }

  #rowsUnderWay(): number {
    let rows = 0;
    for (const batch of this.#batches.keys()) rows += batch.size();
    return rows;
  }
}
