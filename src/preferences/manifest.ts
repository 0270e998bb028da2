import { z } from 'zod';
import { DROP_REASONS, type DropReason } from './drops.ts';
import type { LengthStatistics } from './length-statistics.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { FileSummary } from './row-file.ts';
import type { Split } from './split.ts';

/** What one format was given and what it made of it. Kept records and drops together are all decision points. */
export interface FormatSummary {
  readonly name: string;
  readonly kind: PreferenceFormat['kind'];
  /** Records kept. */
  readonly records: number;
  /** Rows written. */
  readonly rows: Readonly<Record<Split, number>>;
  readonly drops: Readonly<Record<DropReason, number>>;
  /** Lengths in the records kept; `context` is all its messages together. Null without records. */
  readonly lengths: {
    readonly context: LengthStatistics | null;
    readonly chosen: LengthStatistics | null;
    /** Null for a demonstration. */
    readonly rejected: LengthStatistics | null;
  };
}

export interface SplitSummary {
  readonly conversations: number;
  readonly profiles: number;
  readonly personas: number;
}

/** What an export holds and what it was made from. No time and no path: equal input gives an equal manifest. */
export interface PreferenceManifest {
  readonly schema: 'aloe-manifest/1';
  /** Version of aloe-align. */
  readonly version: string;
  readonly options: {
    readonly validation: number;
    readonly seed: number;
    readonly minimumRevealed: number;
    readonly keepTruncated: boolean;
    /** Null for no limit. */
    readonly maxRecordsPerConversation: number | null;
  };
  readonly source: {
    readonly conversations: number;
    /** Conversations with a failure. Their finished turns are used. */
    readonly failedConversations: number;
    readonly decisionPoints: number;
    /** For each role, the ids of all models seen, sorted. */
    readonly models: Readonly<Record<string, readonly string[]>>;
    /** For each role, `id@version` of all prompts seen, sorted. */
    readonly prompts: Readonly<Record<string, readonly string[]>>;
    readonly induction: readonly string[];
  };
  /** What is never on both sides. */
  readonly splitBy: 'profile';
  readonly splits: Readonly<Record<Split, SplitSummary>>;
  readonly formats: readonly FormatSummary[];
  /** Every file that was written, but this one. */
  readonly files: readonly FileSummary[];
  /** What a reader should know before training, in sentences. */
  readonly warnings: readonly string[];
}

const count = z.number().int().min(0);

const distributionSchema = z.object({
  mean: z.number(),
  min: count,
  max: count,
  p50: count,
  p95: count,
});

const lengthsSchema = z
  .object({ count, characters: distributionSchema, words: distributionSchema })
  .nullable();

const splitSchema = z.object({ conversations: count, profiles: count, personas: count });

const namesSchema = z.record(z.string(), z.array(z.string()));

export const preferenceManifestSchema: z.ZodType<PreferenceManifest> = z.object({
  schema: z.literal('aloe-manifest/1'),
  version: z.string(),
  options: z.object({
    validation: z.number().min(0).max(1),
    seed: count,
    minimumRevealed: count,
    keepTruncated: z.boolean(),
    maxRecordsPerConversation: count.nullable(),
  }),
  source: z.object({
    conversations: count,
    failedConversations: count,
    decisionPoints: count,
    models: namesSchema,
    prompts: namesSchema,
    induction: z.array(z.string()),
  }),
  splitBy: z.literal('profile'),
  splits: z.object({ train: splitSchema, validation: splitSchema }),
  formats: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['pair', 'demonstration']),
      records: count,
      rows: z.object({ train: count, validation: count }),
      drops: z.record(z.enum(DROP_REASONS), count),
      lengths: z.object({ context: lengthsSchema, chosen: lengthsSchema, rejected: lengthsSchema }),
    }),
  ),
  files: z.array(
    z.object({ name: z.string(), rows: count, bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
  warnings: z.array(z.string()),
});
