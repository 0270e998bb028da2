import type { Message } from '../messages.ts';

/** One decision point as training data: the same context, one response to prefer and one to reject. */
export interface PreferenceRecord {
  readonly schema: 'aloe-preference/1';
  /** Hash of context, chosen and rejected: the same record has the same id wherever it was made. */
  readonly id: string;
  readonly conversationId: string;
  readonly personaId: string;
  /** From 1. */
  readonly turn: number;
  /** The conversation so far; the last message is the user's. */
  readonly context: readonly Message[];
  readonly chosen: string;
  readonly rejected: string;
  readonly provenance: {
    /** Ids of the traits that the preferred model was told. */
    readonly revealed: readonly string[];
    readonly preferredModel: string;
    readonly rejectedModel: string;
    /** Sides taken to come to this turn. */
    readonly path: readonly ('preferred' | 'rejected')[];
  };
}
