import type { WaitingCall } from './waiting-call.ts';

/** Options of {@link Gathering}. */
export interface GatheringOptions {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly quietMs: number;
  readonly maxWaitMs: number;
  /** Whether other work goes on from which more calls may come. */
  readonly isBusy: () => boolean;
  /** How many more rows may be under way now. */
  readonly room: () => number;
  readonly submit: (calls: readonly WaitingCall[]) => void;
}

/** Collects calls until no more are to be expected, or a batch is full. */
export class Gathering {
  readonly #options: GatheringOptions;
  readonly #calls = new Set<WaitingCall>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastArrival = 0;
  #firstArrival = 0;
  #isDue = false;

  constructor(options: GatheringOptions) {
    this.#options = options;
  }

  add(call: WaitingCall): void {
    const { maxRows, maxBytes } = this.#options;
    if (this.#calls.size > 0 && this.#bytes + call.bytes > maxBytes) this.#flush();
    this.#lastArrival = performance.now();
    if (this.#calls.size === 0) this.#firstArrival = this.#lastArrival;
    this.#calls.add(call);
    this.#bytes += call.bytes;
    if (this.#calls.size >= maxRows) this.#flush();
    else this.#watch();
  }

  remove(call: WaitingCall): void {
    if (!this.#calls.delete(call)) return;
    this.#bytes -= call.bytes;
    if (this.#calls.size === 0) this.#rest();
  }

  /** Submits what was due and had no room. */
  pump(): void {
    if (this.#isDue) this.#flush();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
  }

  /** One timer for any number of arrivals: it looks again when it was set too early. */
  #watch(): void {
    if (this.#timer !== undefined || this.#isDue) return;
    this.#timer = setTimeout(() => this.#look(), this.#options.quietMs);
  }

  #look(): void {
    const { quietMs, maxWaitMs, isBusy } = this.#options;
    this.#timer = undefined;
    const now = performance.now();
    const quietLeft = isBusy() ? quietMs : this.#lastArrival + quietMs - now;
    const left = Math.min(quietLeft, this.#firstArrival + maxWaitMs - now);
    // Timers fire up to a millisecond early.
    if (left > 1) this.#timer = setTimeout(() => this.#look(), left);
    else this.#flush();
  }

  #flush(): void {
    this.#rest();
    while (this.#calls.size > 0) {
      const batch = this.#take();
      if (batch.length === 0) {
        this.#isDue = true;
        return;
      }
      this.#options.submit(batch);
    }
  }

  #take(): WaitingCall[] {
    const { maxRows, maxBytes, room } = this.#options;
    const most = Math.min(maxRows, room());
    const batch: WaitingCall[] = [];
    let bytes = 0;
    for (const call of this.#calls) {
      if (batch.length >= most || (batch.length > 0 && bytes + call.bytes > maxBytes)) break;
      batch.push(call);
      bytes += call.bytes;
      this.#calls.delete(call);
    }
    this.#bytes -= bytes;
    return batch;
  }
}
