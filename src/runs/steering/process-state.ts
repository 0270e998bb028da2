import type { Spending } from '../spending/ledger.ts';
import type { ModelTraffic, OwnSteering, RunSettings } from './steering.ts';

/** What a process that shares a run tells the others of itself. */
export interface ProcessState {
  readonly settings: RunSettings;
  readonly traffic: readonly ModelTraffic[];
  /** Ids of its models that have no price. */
  readonly unpriced: readonly string[];
  /** Calls that hold one of its slots. */
  readonly inFlight: number;
  /** Calls that a model answered, since the process opened the run. */
  readonly calls: number;
  /** Over the whole life of the run and all processes, as far as this one knows. */
  readonly spending: Spending;
  /** Why it could not do what all were told to. Null if it could. */
  readonly problem: string | null;
  /** What the program shows besides. Null if it does not. */
  readonly shown: object | null;
}

/** A process, for the others. */
export interface JoiningProcess {
  readonly steering: OwnSteering;
  state(): Omit<ProcessState, 'problem' | 'shown'>;
}
