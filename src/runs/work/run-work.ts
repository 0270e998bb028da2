import type { ConcurrentMapOptions } from '../../internal/concurrent-map.ts';

/** What a piece of work is called. */
export interface WorkLabel {
  readonly kind: 'conversation' | 'case';
  /** Which one it is: its ids. */
  readonly subject: Readonly<Record<string, string | number>>;
}

/** A piece of work that many calls belong to: one conversation, or one case of an evaluation. */
export interface RunWork<Value> extends WorkLabel {
  /** Its outcome as attributes: numbers and texts. Undefined ones are left out. */
  readonly outcome: (value: Value) => Readonly<Record<string, string | number | undefined>>;
}

/** A list of pieces of work of one run, and how each of them is done. */
export interface WorkList<Item, Result> {
  /** What the list is called: one name for each list of a program. */
  readonly name: string;
  /** The item as a piece of work, for wrappers that follow it. Default: they do not. */
  readonly work?: ((item: Item) => RunWork<Result>) | undefined;
  /**
   * What the results of all items depend on, as far as JSON can hold it: models, prompts, settings. Processes that share a
   * run compare it.
   */
  readonly setting: () => unknown;
  /** The same for one item: its persona, for example. */
  readonly content: (item: Item) => unknown;
  /** Does the work. It may be called again after an abort, and replays finished calls then. The result can be written as JSON. */
  readonly play: (item: Item, signal: AbortSignal) => Promise<Result>;
  /** Whether a result stays. Another one is tried again when the program is. Default: all stay. */
  readonly isWhole?: ((result: Result) => boolean) | undefined;
  /** Called with what another process has done, in place of `play`. */
  readonly received?: ((item: Item, result: Result) => void) | undefined;
}

/** A run that several processes work on: it decides which of them does what. */
export interface SharedRun {
  /** The address of the run, for people: without user and password. */
  readonly name: string;
  /** Does the work of a list together with other processes. Each of them yields every result. */
  map<Item, Result>(
    items: Iterable<Item> | AsyncIterable<Item>,
    list: WorkList<Item, Result>,
    options: ConcurrentMapOptions,
  ): AsyncGenerator<Result>;
  /** Keeps what the run is about, from which other processes can take part. @param recipe JSON without secrets. */
  keepRecipe(recipe: object): Promise<void>;
  /**
   * Shows this to those who watch the run from elsewhere, besides what the run itself knows.
   *
   * @param state Returns what JSON can hold. Null to show no more.
   */
  show(state: (() => object) | null): void;
}
