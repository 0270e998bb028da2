import * as z from 'zod';
import { changeEach, changeKey, renameKeys } from '../internal/former-names.ts';
import { CONTENT_DROPS, type ContentDrop, DROP_REASONS, type DropReason } from './drop-reasons.ts';
import type { MixSummary } from './general-chat.ts';
import type { LengthBias } from './length-bias.ts';
import type { LengthStatistics } from './length-statistics.ts';
import type { CompanionSummary } from './outputs.ts';
import { FORMAT_KINDS, type PreferenceFormat } from './preference-format.ts';
import type { DataQuality } from './quality.ts';
import { dataQualitySchema } from './quality-schema.ts';
import type { FileSummary } from './row-file.ts';
import type { Split } from './split.ts';
import type { StyleGap } from './style-gap.ts';
import { type TeacherShares, teacherSharesSchema } from './teacher-tally.ts';

/**
 * What was written in one format. `records` and all `drops` add up to the number of decision points and extra pairs; both are
 * 0 for a format of general chat data only.
 */
export interface FormatSummary {
  /** Name of the format, such as `trl-dpo`. */
  readonly name: string;
  /** `pair` uses both responses, `demonstration` only the preferred one, `rejected-demonstration` only the rejected one. */
  readonly kind: PreferenceFormat['kind'];
  /** Number of records kept. */
  readonly records: number;
  /** Number of rows written, including general chat data. */
  readonly rows: Readonly<Record<Split, number>>;
  /** Number of records left out, by reason. */
  readonly drops: Readonly<Record<DropReason, number>>;
  /** Lengths in the records kept; `conversation` is the length of all its messages together. Null if there are none. */
  readonly lengths: {
    readonly conversation: LengthStatistics | null;
    /** Also null for a `rejected-demonstration`. */
    readonly preferred: LengthStatistics | null;
    /** Also null for a `demonstration`. */
    readonly rejected: LengthStatistics | null;
  };
  /** How well length predicts the preferred response. Null unless the kind is `pair`, and if no records were kept. */
  readonly lengthBias: LengthBias | null;
  /** What tells the sides of the pairs apart for everybody. Null where `lengthBias` is; absent in older manifests. */
  readonly styleGap?: StyleGap | null | undefined;
}

/** The sources of one split. */
export interface SplitSummary {
  /** Number of conversations. */
  readonly conversations: number;
  /** Number of different profiles. */
  readonly profiles: number;
  /** Number of different personas. */
  readonly personas: number;
}

/** What an export contains and where it comes from. It has no times or paths: equal input gives an equal manifest. */
export interface PreferenceManifest {
  /** Version of this structure. */
  readonly schema: 'aloe-manifest/2';
  /** Version of aloe-align. */
  readonly version: string;
  /** Options of the exporter. */
  readonly options: {
    readonly validationShare: number;
    readonly seed: number;
    readonly minRevealed: number;
    readonly keepTruncated: boolean;
    /** Null for no limit. */
    readonly maxRecordsPerConversation: number | null;
    readonly balanceLength: boolean;
    /** Rules on content that were switched off. Absent if none were, and in files of earlier versions. */
    readonly keep?: readonly ContentDrop[] | undefined;
    /** Whether extra pairs were made. Absent if not. */
    readonly siblings?: boolean | undefined;
  };
  /** The conversations that were exported. */
  readonly source: {
    readonly conversations: number;
    /** Number of conversations with a failure. Their finished turns are used. */
    readonly failedConversations: number;
    /** Their ids, sorted. Absent if none failed, and in files of earlier versions. */
    readonly failed?: readonly string[] | undefined;
    readonly decisionPoints: number;
    /** Number of extra pairs. Absent if there are none. */
    readonly siblings?: number | undefined;
    /** Ids of all models used in each role, sorted. */
    readonly models: Readonly<Record<string, readonly string[]>>;
    /** How much of each side each of its models wrote. Absent if no side had several models, and in files of earlier versions. */
    readonly teachers?: TeacherShares | undefined;
    /** What the servers of these models say they are, by role. Absent if none does. */
    readonly served?: Readonly<Record<string, readonly string[]>> | undefined;
    /** All prompts used in each role as `id@version`, sorted. */
    readonly prompts: Readonly<Record<string, readonly string[]>>;
    /** All induction modes used, sorted. */
    readonly induction: readonly string[];
  };
  /** What the split separates: no profile is in both splits. */
  readonly splitBy: 'profile';
  /** What each split was made from. */
  readonly splits: Readonly<Record<Split, SplitSummary>>;
  /** General chat data in the training files of demonstrations; null for none. */
  readonly mix: MixSummary | null;
  /** One entry per format, in the order of the options. */
  readonly formats: readonly FormatSummary[];
  /** What became of the decision points. Absent in files of earlier versions. */
  readonly quality?: DataQuality | undefined;
  /** Every data file that was written. */
  readonly files: readonly FileSummary[];
  /** Trainer configurations and the dataset card. */
  readonly companions: readonly CompanionSummary[];
  /** What to know before training, in sentences. */
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

const signSchema = z.object({ preferred: count, rejected: count, both: count });

const styleGapSchema = z
  .object({
    pairs: count,
    question: signSchema,
    exclamation: signSchema,
    emoji: signSchema,
    list: signSchema,
  })
  .nullable();

const splitSchema = z.object({ conversations: count, profiles: count, personas: count });

const namesSchema = z.record(z.string(), z.array(z.string()));

/** Earlier versions did not know all reasons. */
const dropsSchema = z.object(
  Object.fromEntries(DROP_REASONS.map((reason) => [reason, count.default(0)])) as Record<
    DropReason,
    z.ZodDefault<typeof count>
  >,
);

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
    keep: z.array(z.enum(CONTENT_DROPS)).optional(),
    siblings: z.boolean().optional(),
  }),
  source: z.object({
    conversations: count,
    failedConversations: count,
    failed: z.array(z.string()).optional(),
    decisionPoints: count,
    siblings: count.optional(),
    models: namesSchema,
    teachers: teacherSharesSchema.optional(),
    served: namesSchema.optional(),
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
      kind: z.enum(FORMAT_KINDS),
      records: count,
      rows: z.object({ train: count, validation: count }),
      drops: dropsSchema,
      lengths: z.object({ conversation: lengthsSchema, preferred: lengthsSchema, rejected: lengthsSchema }),
      lengthBias: lengthBiasSchema,
      styleGap: styleGapSchema.optional(),
    }),
  ),
  quality: dataQualitySchema.optional(),
  files: z.array(z.object({ name: z.string(), rows: count, bytes: count, sha256: sum })),
  companions: z.array(z.object({ name: z.string(), bytes: count, sha256: sum })),
  warnings: z.array(z.string()),
});

/** Schema of `manifest.json`. Version 1 is accepted and converted. */
export const preferenceManifestSchema: z.ZodType<PreferenceManifest> = z.preprocess(
  readFormer,
  manifestSchema,
);

function readFormer(value: unknown): unknown {
  if ((value as { schema?: unknown } | null)?.schema !== 'aloe-manifest/1') return value;
  const options = (former: unknown) =>
    renameKeys(former, { validation: 'validationShare', minimumRevealed: 'minRevealed' });
  const format = (former: unknown) => {
    const lengths = changeKey(former, 'lengths', (each) =>
      renameKeys(each, { context: 'conversation', chosen: 'preferred' }),
    );
    const bias = changeKey(lengths, 'lengthBias', (each) =>
      renameKeys(each, { chosenLonger: 'preferredLonger' }),
    );
    return changeKey(bias, 'drops', (each) => renameKeys(each, { 'bad-context': 'bad-conversation' }));
  };
  return {
    ...(changeKey(changeKey(value, 'options', options), 'formats', (formats) =>
      changeEach(formats, format),
    ) as object),
    schema: 'aloe-manifest/2',
  };
}
