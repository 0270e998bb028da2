import type { BatchEvent } from '../models/batch/batch-events.ts';
import type { Usage } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import type { JournalRecovery } from './journal/replace-journal.ts';
import type { Spending } from './spending/ledger.ts';
import type { RunSettings } from './steering/steering.ts';

/**
 * Why a run is read-only: `readOnly` was passed, the directory cannot be written to, or version 0.1 wrote it and stored
 * answers under other keys.
 */
export type ReadOnlyReason = 'requested' | 'not-writable' | 'former-version';

/**
 * What a run reports while it works, for progress displays and logs. Each `call-start` is followed by exactly one
 * `call-end`, `call-error` or `call-abort`.
 */
export type RunEvent =
  | { readonly type: 'call-start'; readonly model: string; readonly place: CallPlace | undefined }
  | {
      readonly type: 'call-end';
      readonly model: string;
      readonly place: CallPlace | undefined;
      /** True if the answer came from the journal. Such a call has no `call-start`. */
      readonly replayed: boolean;
      readonly usage: Usage;
      /** Set for a call that was answered in a batch, and cost less. */
      readonly inBatch?: true | undefined;
      /** Time since `call-start`, including waits and retries. 0 for a replay. */
      readonly durationMs: number;
    }
  | {
      readonly type: 'call-retry';
      readonly model: string;
      readonly place: CallPlace | undefined;
      readonly error: unknown;
      /** Wait before the next attempt. */
      readonly waitMs: number;
    }
  | {
      readonly type: 'call-error';
      readonly model: string;
      readonly place: CallPlace | undefined;
      readonly error: unknown;
    }
  /** Calls to a model wait, for a minute at a time, because the rate-limit headers of a response ask for it. */
  | {
      readonly type: 'calls-paused';
      readonly model: string;
      /** Time until the next call. */
      readonly waitMs: number;
      /** What the server asked for. If that is more than a minute, one call then tries whether the headers are right. */
      readonly requestedMs: number;
    }
  /** One of several servers of a model does not answer. Its calls go to the others until it is back. */
  | {
      readonly type: 'server-left';
      readonly model: string;
      /** Its address; if that is not known, its number in the list: `server 2`. */
      readonly server: string;
      /** Why the last call failed there. */
      readonly error: unknown;
    }
  /** A server that had left answers again. */
  | {
      readonly type: 'server-back';
      readonly model: string;
      readonly server: string;
      /** Time since it left. */
      readonly awayMs: number;
    }
  /**
   * A model cannot be reached: no call to it was answered for a while. Its calls wait, and one at a time is sent as a probe,
   * until `model-back` or until the deadline of retries is over.
   */
  | {
      readonly type: 'model-away';
      readonly model: string;
      /** Time since the first failure, in milliseconds. */
      readonly sinceMs: number;
      /** The last failure. */
      readonly error: unknown;
    }
  /** A model that was away answers again. */
  | {
      readonly type: 'model-back';
      readonly model: string;
      /** How long it was away, in milliseconds. */
      readonly sinceMs: number;
      /** The last failure. */
      readonly error: unknown;
    }
  /** The call was aborted while it waited to be sent or retried. A free call can be aborted at any time. */
  | { readonly type: 'call-abort'; readonly model: string; readonly place: CallPlace | undefined }
  /**
   * The run holds another answer at the place of this call, which is bought again: its model, prompt or settings have
   * changed, or an answer before it. Comes before the `call-start`.
   */
  | {
      readonly type: 'call-rebought';
      readonly model: string;
      readonly place: CallPlace | undefined;
      /** The model of the answer that the run holds. */
      readonly earlierModel: string;
    }
  /** The run is only replayed: a call that it holds no answer to fails before it is sent. */
  | { readonly type: 'run-opened-read-only'; readonly dir: string; readonly reason: ReadOnlyReason }
  /** The run was paused: no call is sent until it is resumed. Calls in flight finish. */
  | { readonly type: 'run-paused' }
  | { readonly type: 'run-resumed' }
  /** Settings were changed while the run works. */
  | { readonly type: 'run-retuned'; readonly before: RunSettings; readonly after: RunSettings }
  /**
   * What other processes do that share the run. Comes every few seconds while there are any, and once more when the last one
   * has gone.
   */
  | {
      readonly type: 'other-processes';
      /** How many there are. */
      readonly processes: number;
      /** Calls in flight in them. */
      readonly inFlight: number;
      /** Calls that were answered in any other process since this one opened the run. */
      readonly answered: readonly AnsweredElsewhere[];
    }
  /**
   * The database of the run has not answered for a second. Calls in flight wait to be recorded, for up to half an hour, and no
   * new ones are sent.
   */
  | {
      readonly type: 'database-away';
      readonly run: string;
      readonly error: unknown;
      readonly sinceMs: number;
    }
  /** The database of the run answers again. */
  | { readonly type: 'database-back'; readonly run: string; readonly sinceMs: number }
  /** The journal was damaged and was replaced by a new one that contains every intact call. */
  | ({ readonly type: 'journal-recovered' } & JournalRecovery)
  | BatchEvent;

/** Calls of one model that other processes have made. */
export interface AnsweredElsewhere {
  readonly model: string;
  readonly calls: number;
  readonly usage: Usage;
}

/** Totals since this process opened the run, except `spending`. */
export interface RunStats {
  /** Calls that a model answered. */
  readonly calls: number;
  /** Calls that the journal answered. */
  readonly replayed: number;
  /** Part of `calls` for which the run held another answer when it was opened, see `maxRebought`. */
  readonly rebought: number;
  /** Texts that an embedder embedded. */
  readonly embedded: number;
  /** Tokens of `calls`. */
  readonly usage: Usage;
  /** Calls that hold one of the run's slots now. */
  readonly inFlight: number;
  /** What the run has cost over its whole life, including earlier processes. */
  readonly spending: Spending;
}
