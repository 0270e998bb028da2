import * as z from 'zod';
import { renameKeys } from '../internal/former-names.ts';
import type { Message } from '../messages.ts';

/** One decision point as training data: the same conversation, one response to prefer and one to reject. */
export interface PreferenceRecord {
  readonly schema: 'aloe-preference/2';
  /** Hash of conversation, preferred and rejected response: the same record has the same id wherever it was made. */
  readonly id: string;
  readonly conversationId: string;
  readonly personaId: string;
  /** From 1. */
  readonly turn: number;
  /** The conversation so far; the last message is the user's. */
  readonly conversation: readonly Message[];
  readonly preferred: string;
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

const recordSchema = z.object({
  schema: z.literal('aloe-preference/2'),
  id: z.string().min(1),
  conversationId: z.string().min(1),
  personaId: z.string().min(1),
  turn: z.number().int().min(1),
  conversation: z
    .array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }))
    .min(1),
  preferred: z.string(),
  rejected: z.string(),
  provenance: z.object({
    revealed: z.array(z.string()),
    preferredModel: z.string(),
    rejectedModel: z.string(),
    path: z.array(z.enum(['preferred', 'rejected'])),
  }),
});

/** Checks a record. One of version 1 is given the present names. */
export const preferenceRecordSchema: z.ZodType<PreferenceRecord> = z.preprocess(readFormer, recordSchema);

function readFormer(value: unknown): unknown {
  if ((value as { schema?: unknown } | null)?.schema !== 'aloe-preference/1') return value;
  const record = renameKeys(value, { context: 'conversation', chosen: 'preferred' }) as object;
  return { ...record, schema: 'aloe-preference/2' };
}
