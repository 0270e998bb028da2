import type { RunWork, WorkLabel, WorkList } from '../run-work.ts';
import { until } from './until.ts';
import type { WorkQueue } from './work-queue.ts';

/** An item of a list. */
export interface Piece<Item> {
  readonly index: number;
  readonly id: string;
  readonly item: Item;
}

interface Kept<Item, Result> extends Piece<Item> {
  readonly work?: WorkLabel | undefined;
  /** Whether this process plays it now. */
  isPlaying?: boolean;
  /** Whether this process has played it, and told its events. */
  isOwn?: boolean;
  /** Undefined while it is not there. */
  result?: { readonly result: Result } | undefined;
}

/** How far the list is read, and its jobs added, beyond what was yielded. */
const MAX_AHEAD = 1_000;
/** Results that wait for one before them. Others are read from the database again when it is their turn. */
const MAX_WAITING = 256;
const MAX_ADDED = 200;
/** A slow source does not hold back the items that it has given. */
const PATIENCE_MS = 20;

/** The items of a list that were read and not yielded yet, by their place in it. */
export class Pieces<Item, Result> {
  readonly #source: Iterator<Item> | AsyncIterator<Item>;
  readonly #queue: WorkQueue;
  readonly #list: Pick<WorkList<Item, Result>, 'content' | 'work'>;
  readonly #order: 'finish' | 'input';
  readonly #kept = new Map<number, Kept<Item, Result>>();
  readonly #byId = new Map<string, Kept<Item, Result>>();
  readonly #ready: Kept<Item, Result>[] = [];
  readonly #change = until();
  readonly #more = until();
  #read = 0;
  #given = 0;
  /** An item that another worker has read already. */
  #wanted = 0;
  #isExhausted = false;
  #isReading = false;

  constructor(
    items: Iterable<Item> | AsyncIterable<Item>,
    queue: WorkQueue,
    list: Pick<WorkList<Item, Result>, 'content' | 'work'>,
    order: 'finish' | 'input',
  ) {
    this.#source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.#queue = queue;
    this.#list = list;
    this.#order = order;
  }

  /** Whether every result was yielded. */
  get areDone(): boolean {
    return this.#isExhausted && this.#given === this.#read;
  }

  /** Wakes everybody who waits for a change: a result, a failure, an abort, a free place. */
  changed(): void {
    this.#change.happened();
  }

  /** Resolves at the next change. */
  change(signal: AbortSignal): Promise<void> {
    return this.#change.next(signal);
  }

  /** Resolves when jobs were added, or when the time is over. */
  more(signal: AbortSignal, withinMs: number): Promise<void> {
    return this.#more.next(signal, withinMs);
  }

  /** Reads the source and adds its jobs. */
  async read(signal: AbortSignal): Promise<void> {
    let added: Kept<Item, Result>[] = [];
    const add = async () => {
      const jobs = added;
      added = [];
      if (jobs.length === 0) return;
      await this.#queue.add(jobs);
      for (const piece of jobs) {
        this.#kept.set(piece.index, piece);
        this.#byId.set(piece.id, piece);
      }
      this.#more.happened();
      this.changed();
    };
    while (!signal.aborted) {
      if (this.#read >= this.#given + MAX_AHEAD && this.#read > this.#wanted) {
        await add();
        await this.change(signal);
        continue;
      }
      this.#isReading = true;
      let adding: Promise<void> | undefined;
      const slow = setTimeout(() => {
        adding = add();
        adding.catch(() => {});
      }, PATIENCE_MS);
      const { done, value } = await Promise.resolve(this.#source.next()).finally(() => clearTimeout(slow));
      this.#isReading = false;
      await adding;
      if (done) break;
      const index = this.#read++;
      const { content, work } = this.#list;
      added.push({
        index,
        id: this.#queue.idOf(index, content(value)),
        item: value,
        work: work && labelOf(work(value)),
      });
      if (added.length === MAX_ADDED) await add();
    }
    if (signal.aborted) return;
    await add();
    this.#isExhausted = true;
    this.changed();
  }

  /** The piece of a job that is played now. Waits until the source is read that far. Undefined if another item is there. */
  async begin(id: string, index: number, signal: AbortSignal): Promise<Piece<Item> | undefined> {
    this.#wanted = Math.max(this.#wanted, index);
    this.changed();
    while (!this.#kept.has(index) && !this.#isExhausted && index >= this.#given) await this.change(signal);
    const piece = this.#byId.get(id);
    if (piece !== undefined) piece.isPlaying = true;
    return piece;
  }

  /** A piece is no longer played. @param outcome Its result, unless it was lost. */
  end(id: string, outcome?: { readonly result: Result }): void {
    const piece = this.#byId.get(id);
    if (piece === undefined) return;
    piece.isPlaying = false;
    if (outcome === undefined) return;
    piece.isOwn = true;
    if (this.#order === 'finish' || piece.index < this.#given + MAX_WAITING)
      this.#keep(piece, outcome.result);
  }

  /** A result that was read. @returns the item, if another process has played it. */
  receive(id: string, result: Result): Item | undefined {
    const piece = this.#byId.get(id);
    if (piece === undefined || piece.result !== undefined) return undefined;
    this.#keep(piece, result);
    return piece.isOwn ? undefined : piece.item;
  }

  #keep(piece: Kept<Item, Result>, result: Result): void {
    if (piece.result !== undefined) return;
    piece.result = { result };
    if (this.#order === 'finish') this.#ready.push(piece);
    this.changed();
  }

  /** Ids of the next jobs whose results are missing. */
  missing(): string[] {
    const ids: string[] = [];
    for (const { index, id, result, isPlaying } of this.#kept.values()) {
      if (ids.length === MAX_WAITING || (this.#order === 'input' && index >= this.#given + MAX_WAITING))
        break;
      if (result === undefined && !isPlaying) ids.push(id);
    }
    return ids;
  }

  /** The next result to yield, if it is there. */
  next(): { readonly result: Result } | undefined {
    const piece = this.#order === 'finish' ? this.#ready.shift() : this.#kept.get(this.#given);
    if (piece?.result === undefined) return undefined;
    this.#kept.delete(piece.index);
    this.#byId.delete(piece.id);
    this.#given += 1;
    this.changed();
    return piece.result;
  }

  /** Ends the source. */
  async close(): Promise<void> {
    if (this.#isExhausted) return;
    const stopped = Promise.resolve(this.#source.return?.());
    // A source that hangs in `next` would never respond.
    if (this.#isReading) stopped.catch(() => {});
    else await stopped;
  }
}

function labelOf({ kind, subject }: RunWork<never>): WorkLabel {
  return { kind, subject };
}
