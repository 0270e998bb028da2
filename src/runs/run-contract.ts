import type { Embedder } from '../embeddings/embedder.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import type { RunStats } from './events.ts';
import type { Steering } from './steering/steering.ts';
import type { RunWork, SharedRun } from './work/run-work.ts';

/**
 * A journal of every finished model call, and the seed of all random choices. If you run the same program on the same
 * directory again, finished calls are replayed and only missing ones are paid for.
 */
export interface Run {
  /** The run's directory, or null for a run that lives in memory only. */
  readonly dir: string | null;
  /** The number from which all random choices follow. */
  readonly seed: number;
  /** Whether the run is only replayed. A call that it holds no answer to then throws RunStorageError before it is sent. */
  readonly readOnly: boolean;
  /** Maximum number of model calls in flight. */
  readonly concurrency: number;
  /** Pauses, resumes and changes the run while it works. Undefined if it is only replayed. */
  readonly steering?: Steering | undefined;
  /**
   * Wraps a model with journal, concurrency limit, pacing, retries, budget and events. The same model gives the same
   * wrapper, and a wrapper is returned unchanged. If a model calls other models, those are wrapped instead.
   *
   * @throws InvalidOptionError before any call, if the budget is in dollars and the model has no price.
   * @throws RunConflictError before any call, if stored answers under the model's name may be those of other weights. A call
   * throws it if the server says by now that it is another model; the answer is then not stored.
   */
  model(model: ChatModel): ChatModel;
  /**
   * Wraps an embedder with the journal. The same embedder gives the same wrapper.
   *
   * @throws RunConflictError if stored vectors under the embedder's name may be those of other weights.
   */
  embedder(embedder: Embedder): Embedder;
  /** Sampling seed of a call. It depends only on the run's seed and the place. */
  seedFor(place: CallPlace): number;
  /**
   * Does a piece of work, for wrappers that follow which calls belong to it, such as `withTelemetry`. Default: the work is
   * just done.
   */
  within?<Value>(work: RunWork<Value>, play: () => Promise<Value>): Promise<Value>;
  /** Shares pieces of work with other processes. Undefined for a run that one process has to itself. */
  readonly shared?: SharedRun | undefined;
  /** What was sent, replayed and spent so far. */
  stats(): RunStats;
  /**
   * Waits for calls in flight, records their answers and unlocks the directory. Later calls throw RunStorageError.
   * Aborted calls that still wait for a slot are not sent.
   */
  close(): Promise<void>;
}
