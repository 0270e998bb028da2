import type { Usage } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import type { RunHeader } from './directory/run-file.ts';
import type { Spent } from './journal/journal.ts';
import type { SpentByModel } from './journal/journal-reader.ts';
import type { ModelLimits } from './run-options.ts';
import type { SharedBooks } from './spending/shared-books.ts';
import type { JoiningProcess } from './steering/process-state.ts';
import type { SharedRun } from './work/run-work.ts';

/** A value, or a promise of it where it has to be fetched. A store that has it at hand returns it as it is. */
export type Soon<Value> = Value | Promise<Value>;

/** Where a run keeps its header and its finished calls: a directory, the memory of the process, or a database. */
export interface RunStore {
  /** Names the run in errors and events: its directory, or its address without the password. */
  readonly name: string;
  /** The run's directory. Null if it has none. */
  readonly dir: string | null;
  /** The header as it was when the store was opened. */
  readonly header: RunHeader;
  saveHeader(header: RunHeader): Promise<void>;
  readonly journal: RunJournal;
  /** The budget of a run that several processes spend. Default: one process spends it, and its ledger knows all. */
  readonly books?: SharedBooks | undefined;
  /**
   * Permission to send calls to a model, from all processes of the run together. Default: one process sends them all.
   *
   * @param limits The model's limits, as they are now.
   */
  allowance?(modelId: string, limits: () => ModelLimits | undefined): Allowance;
  /** Shares pieces of work with other processes. Default: this one does them all. */
  readonly shared?: SharedRun | undefined;
  /** Connects this process with those that share the run. Default: there are none. */
  join?(own: JoiningProcess): void;
  /**
   * Called right before a call is sent. Waits until the work that the call belongs to is still this process's own. Default: it
   * always is.
   *
   * @throws The signal's reason, if the work was lost.
   */
  beforeSend?(signal: AbortSignal | undefined): Promise<void>;
  /** Writes what is pending and lets go of the run. Called once, when no call is in flight. */
  close(): Soon<void>;
}

/** A journal, as far as it is read. */
export interface ReadableJournal {
  /**
   * The value stored under `key`, or undefined.
   *
   * @param place The place of the call, from which a store can tell what else of the conversation to fetch.
   * @throws RunStorageError if the journal is closed or cannot be read.
   */
  get(key: string, place?: CallPlace): Soon<string | undefined>;
  /**
   * The model of a call at this place that was stored before the store was opened. Undefined if there is none.
   *
   * @throws RunStorageError if the journal is closed or cannot be read.
   */
  earlierModel(place: string): Soon<string | undefined>;
  /**
   * Number and usage of all journaled calls by model id. A store that several processes write to may leave out the latest of
   * the others.
   */
  spending(): SpentByModel;
}

/** The finished calls of a run by key. */
export interface RunJournal extends ReadableJournal {
  /**
   * Stores a value and resolves once it is safe. A key keeps its first value.
   *
   * @param spent What the call cost, which is added to `spending`. Default: nothing.
   * @returns The value the journal has for `key`.
   * @throws RunStorageError if the journal is closed or cannot be written.
   */
  put(key: string, place: string, value: string, spent?: Spent): Promise<string>;
  /** Called before a call is sent, so that no other process sends the same one meanwhile. Default: there is no other. */
  claim?(key: string): Promise<Claim>;
}

/**
 * Whether to send a call: another process has finished it (`stored`), this one is to send it (`release`), or another one
 * is sending it (`retry`).
 */
export type Claim =
  | { readonly stored: string }
  /** To be called if the call fails. Storing its answer ends the claim as well. */
  | { readonly release: () => Promise<void> }
  /** Waits until it is worth asking again. On abort, the signal's reason is thrown. */
  | { readonly retry: (signal?: AbortSignal) => Promise<void> };

/** Permission to send calls, from all processes of a run together. */
export interface Allowance {
  /** Waits until a call of this size may be sent, now. On abort, the signal's reason is thrown. */
  take(estimatedTokens: number, signal?: AbortSignal): Promise<void>;
  /** Replaces the estimate with the actual usage. */
  settle(estimatedTokens: number, usage: Usage): void;
}
