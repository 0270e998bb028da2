import { z } from 'zod';
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

export const preferenceRecordSchema: z.ZodType<PreferenceRecord> = z.object({
  schema: z.literal('aloe-preference/1'),
  id: z.string().min(1),
  conversationId: z.string().min(1),
  personaId: z.string().min(1),
  turn: z.number().int().min(1),
  context: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1),
  chosen: z.string(),
  rejected: z.string(),
  provenance: z.object({
    revealed: z.array(z.string()),
    preferredModel: z.string(),
    rejectedModel: z.string(),
    path: z.array(z.enum(['preferred', 'rejected'])),
  }),
});
