import * as z from 'zod';
import { changeEach, changeKey, renameKeys } from '../internal/former-names.ts';
import { DROP_REASONS, type DropReason } from './drops.ts';
import type { MixSummary } from './general-chat.ts';
import type { LengthBias } from './length-bias.ts';
import type { LengthStatistics } from './length-statistics.ts';
import type { CompanionSummary } from './outputs.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { FileSummary } from './row-file.ts';
import type { Split } from './split.ts';

/** What one format was given and what it made of it. Kept records and drops together are all decision points. */
export interface FormatSummary {
  readonly name: string;
  readonly kind: PreferenceFormat['kind'];
  /** Records kept. */
  readonly records: number;
  /** Rows written; those of general chat data that was mixed in are among them. */
  readonly rows: Readonly<Record<Split, number>>;
  readonly drops: Readonly<Record<DropReason, number>>;
  /** Lengths in the records kept; `conversation` is all its messages together. Null without records. */
  readonly lengths: {
    readonly conversation: LengthStatistics | null;
    readonly preferred: LengthStatistics | null;
    /** Null for a demonstration. */
    readonly rejected: LengthStatistics | null;
  };
  /** Whether length tells the preferred response in the records kept. Null for a demonstration, and without records. */
  readonly lengthBias: LengthBias | null;
}

export interface SplitSummary {
  readonly conversations: number;
  readonly profiles: number;
  readonly personas: number;
}

/** What an export holds and what it was made from. No time and no path: equal input gives an equal manifest. */
export interface PreferenceManifest {
  readonly schema: 'aloe-manifest/2';
  /** Version of aloe-align. */
  readonly version: string;
  readonly options: {
    readonly validationShare: number;
    readonly seed: number;
    readonly minRevealed: number;
    readonly keepTruncated: boolean;
    /** Null for no limit. */
    readonly maxRecordsPerConversation: number | null;
    readonly balanceLength: boolean;
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
  /** General chat data in the training files of demonstrations. Null for none. */
  readonly mix: MixSummary | null;
  readonly formats: readonly FormatSummary[];
  /** Every data file that was written. */
  readonly files: readonly FileSummary[];
  /** Configuration files of engines and the dataset card. */
  readonly companions: readonly CompanionSummary[];
  /** What a reader should know before training, in sentences. */
  readonly warnings: readonly string[];
}

const count = z.number().int().min(0);

const sum = z.string().regex(/^[0-9a-f]{64}$/);

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

const lengthBiasSchema = z
  .object({
    preferredLonger: count,
    rejectedLonger: count,
    equal: count,
    meanDifference: z.number(),
    correlation: z.number().min(-1).max(1).nullable(),
  })
  .nullable();

const splitSchema = z.object({ conversations: count, profiles: count, personas: count });

const namesSchema = z.record(z.string(), z.array(z.string()));

const manifestSchema = z.object({
  schema: z.literal('aloe-manifest/2'),
  version: z.string(),
  options: z.object({
    validationShare: z.number().min(0).max(1),
    seed: count,
    minRevealed: count,
    keepTruncated: z.boolean(),
    maxRecordsPerConversation: count.nullable(),
    balanceLength: z.boolean(),
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
  mix: z
    .object({
      file: z.string(),
      sha256: sum,
      ratio: z.number(),
      license: z.string().nullable(),
      conversations: count,
      unusable: count,
      rows: count,
      missing: count,
    })
    .nullable(),
  formats: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['pair', 'demonstration']),
      records: count,
      rows: z.object({ train: count, validation: count }),
      drops: z.record(z.enum(DROP_REASONS), count),
      lengths: z.object({ conversation: lengthsSchema, preferred: lengthsSchema, rejected: lengthsSchema }),
      lengthBias: lengthBiasSchema,
    }),
  ),
  files: z.array(z.object({ name: z.string(), rows: count, bytes: count, sha256: sum })),
  companions: z.array(z.object({ name: z.string(), bytes: count, sha256: sum })),
  warnings: z.array(z.string()),
});

/** Checks a `manifest.json`. One of version 1 is given the present names. */
export const preferenceManifestSchema: z.ZodType<PreferenceManifest> = z.preprocess(
  readFormer,
  manifestSchema,
);

function readFormer(value: unknown): unknown {
  if ((value as { schema?: unknown } | null)?.schema !== 'aloe-manifest/1') return value;
  const options = (former: unknown) =>
    renameKeys(former, { validation: 'validationShare', minimumRevealed: 'minRevealed' });
  const format = (former: unknown) =>
    changeKey(
      changeKey(former, 'lengths', (lengths) =>
        renameKeys(lengths, { context: 'conversation', chosen: 'preferred' }),
      ),
      'lengthBias',
      (bias) => renameKeys(bias, { chosenLonger: 'preferredLonger' }),
    );
  return {
    ...(changeKey(changeKey(value, 'options', options), 'formats', (formats) =>
      changeEach(formats, format),
    ) as object),
    schema: 'aloe-manifest/2',
  };
}
