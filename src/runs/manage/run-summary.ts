import { addUsage, NO_USAGE, type Usage } from '../../models/chat-model.ts';
import type { SpentByModel } from '../journal/journal-reader.ts';

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
  /**
   * When a run in a database was paused, in ISO 8601. Null if it is not paused, or is in a directory: there only the process knows.
   */
  readonly pausedSince: string | null;
}

/** What {@link removeRun} did. */
export interface RemovedRun {
  readonly dir: string;
  /** Names of the files that were removed. */
  readonly removed: readonly string[];
  /** What else was in the directory and is still there. If there was nothing, the directory is gone too. */
  readonly left: readonly string[];
}

/** The totals of a run, and its models, those with most calls first. */
export function summarizeSpent(spent: SpentByModel): Pick<RunSummary, 'calls' | 'usage' | 'models'> {
  const models = [...spent].map(([id, own]) => ({ id, ...own }));
  return {
    calls: models.reduce((sum, { calls }) => sum + calls, 0),
    usage: models.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
    models: models.sort((a, b) => b.calls - a.calls || (a.id < b.id ? -1 : 1)),
  };
}
