import type { ControlTask } from './protocol.ts';

/** A connection to the processes that have a run open. */
export interface ControlClient {
  /**
   * Asks the run to do something, and resolves with its answer.
   *
   * @throws InvalidOptionError if it refuses; RunConflictError if it is gone, or was started by another version.
   */
  ask(task: ControlTask): Promise<unknown>;
  close(): void;
}
