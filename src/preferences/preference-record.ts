import * as z from 'zod';
import { type PairVerdict, pairVerdictSchema } from '../conversations/pair-verdict.ts';
import { renameKeys } from '../internal/former-names.ts';
import type { Message } from '../messages.ts';

/** One decision point as training data: a conversation with a preferred and a rejected response. */
export interface PreferenceRecord {
  /** Version of this structure. */
  readonly schema: 'aloe-preference/2';
  /** SHA-256 of conversation and responses, in hexadecimal: equal content has the same id in every export. */
  readonly id: string;
  /** Id of the conversation tree. */
  readonly conversationId: string;
  /** Id of the tree's persona. */
  readonly personaId: string;
  /** Turn of the responses, from 1. */
  readonly turn: number;
  /** The conversation so far. It ends with the user's message. */
  readonly conversation: readonly Message[];
  /** Response of the model that was told what the user had revealed; trimmed. */
  readonly preferred: string;
  /** Response of the model that was told nothing; trimmed. */
  readonly rejected: string;
  /** How the responses were made. */
  readonly provenance: {
    /** Ids of the persona's statements that the preferred model was told. */
    readonly revealed: readonly string[];
    readonly preferredModel: string;
    readonly rejectedModel: string;
    /** Which response the conversation continued from at each earlier turn. */
    readonly path: readonly ('preferred' | 'rejected')[];
    /** What a judge who knows the persona said of the two responses. Absent if none was asked. */
    readonly verdict?: PairVerdict | undefined;
    /** In an extra pair, the side whose response was not the one chosen. Absent in all other records. */
    readonly sibling?: 'preferred' | 'rejected' | undefined;
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
    verdict: pairVerdictSchema.optional(),
    sibling: z.enum(['preferred', 'rejected']).optional(),
  }),
});

/** Schema of a record. Version 1 is accepted and converted. */
export const preferenceRecordSchema: z.ZodType<PreferenceRecord> = z.preprocess(readFormer, recordSchema);

function readFormer(value: unknown): unknown {
  if ((value as { schema?: unknown } | null)?.schema !== 'aloe-preference/1') return value;
  const record = renameKeys(value, { context: 'conversation', chosen: 'preferred' }) as object;
  return { ...record, schema: 'aloe-preference/2' };
}
