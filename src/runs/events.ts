import type { Usage } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import type { JournalRecovery } from './journal-file.ts';
import type { Spending } from './ledger.ts';

/**
 * What a run reports while it works; every progress display and log feeds on these. A `call-start` is followed by one
 * `call-end`, `call-error` or `call-abort`.
 */
export type RunEvent =
  | { readonly type: 'call-start'; readonly model: string; readonly place: CallPlace | undefined }
  | {
      readonly type: 'call-end';
      readonly model: string;
      readonly place: CallPlace | undefined;
      /** True when the journal answered and nothing was sent. */
      readonly replayed: boolean;
      readonly usage: Usage;
      readonly durationMs: number;
    }
  | {
      readonly type: 'call-retry';
      readonly model: string;
      readonly place: CallPlace | undefined;
      readonly error: unknown;
      readonly waitMs: number;
    }
  | {
      readonly type: 'call-error';
      readonly model: string;
      readonly place: CallPlace | undefined;
      readonly error: unknown;
    }
  /** Its signal fired before it was answered: while it waited for its turn or to be sent again, or a free call at once. */
  | { readonly type: 'call-abort'; readonly model: string; readonly place: CallPlace | undefined }
  /** The journal was damaged: a new one with all calls that were whole has taken its place. */
  | ({ readonly type: 'journal-recovered' } & JournalRecovery);

/** Totals since the run was opened by this process. */
export interface RunStats {
  /** Calls sent to a model and finished. */
  readonly calls: number;
  /** Calls that the journal answered. */
  readonly replayed: number;
  /** Texts sent to an embedder and finished. */
  readonly embedded: number;
  /** Tokens of the calls that were sent. */
  readonly usage: Usage;
  /** Calls that are under way now. */
  readonly inFlight: number;
  /** What the run has cost over its whole life, earlier processes included. */
  readonly spending: Spending;
}
