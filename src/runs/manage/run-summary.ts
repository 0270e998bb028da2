import type { Usage } from '../../models/chat-model.ts';

/** What a run directory holds. */
export interface RunSummary {
  readonly dir: string;
  /** The number from which all random choices follow. */
  readonly seed: number;
  /** Whether version 0.1 wrote it, so that it can only be replayed. */
  readonly isFormer: boolean;
  /** Number of stored model calls. */
  readonly calls: number;
  /** Their tokens. */
  readonly usage: Usage;
  /** The same by model. */
  readonly models: readonly { readonly id: string; readonly calls: number; readonly usage: Usage }[];
  /** Number of stored model calls by task: `personas`, `conversations`, `evaluation`, or a name of your own. */
  readonly tasks: Readonly<Record<string, number>>;
  /** Size of the run's own files. What a program wrote beside them is not counted. */
  readonly bytes: number;
  /** When an answer was last stored, in ISO 8601. Null if none was. */
  readonly changed: string | null;
  /** Which processes have the run open. Null if none has. */
  readonly inUseBy: string | null;
}

/** What {@link removeRun} did. */
export interface RemovedRun {
  readonly dir: string;
  /** Names of the files that were removed. */
  readonly removed: readonly string[];
  /** What else was in the directory and is still there. If there was nothing, the directory is gone too. */
  readonly left: readonly string[];
}
