import * as z from 'zod';
import { changeKey, renameKeys } from '../internal/former-names.ts';
import type { UnusableReason } from './parsing/parse-personas.ts';
import { type Personality, type Profile, personalitySchema, profileSchema } from './persona.ts';
import { ENTRY_FLAWS, type FoundFlaw } from './quality/entry-flaw.ts';
import type { FileWarning } from './released-files.ts';
import type { TextRule } from './statements.ts';

/** The two kinds of pool entry. */
export type PoolKind = 'profiles' | 'personalities';

export const POOL_KINDS: readonly PoolKind[] = ['profiles', 'personalities'];

/** Where an entry comes from: a seed, a model, or a file released by the authors. */
export type EntryOrigin = 'seed' | 'generated' | 'released';

/** Why growth stopped: target size reached, too few entries accepted, or calls used up. */
export type StopReason = 'target' | 'bottleneck' | 'max-calls';

/** A generated entry that was too similar to an accepted one. */
export interface DiscardedEntry {
  /** The id it would have had in the pool. No other entry gets it. */
  readonly id: string;
  readonly statements: readonly string[];
  /** Id of the most similar accepted entry, or of an entry that the pool is kept apart from. */
  readonly nearestId: string;
  /** Cosine similarity to that entry. */
  readonly similarity: number;
}

/** A generated entry that the quality gate refused. */
export interface FlawedEntry extends FoundFlaw {
  /** The id it would have had in the pool. No other entry gets it. */
  readonly id: string;
  readonly statements: readonly string[];
}

/** How much larger a pool would be at a higher threshold. */
export interface HigherThreshold {
  readonly threshold: number;
  /** Near-duplicates that would have been kept, at most: some of them may resemble each other. */
  readonly more: number;
}

/** A part of a reply that gave no entry. `call-failed` and `malformed-reply` refer to whole calls. */
export interface UnusablePart {
  /** Call number, from 0. */
  readonly call: number;
  readonly reason: UnusableReason | 'call-failed' | 'malformed-reply';
  /** The model's text or the error message, at most 500 characters. */
  readonly text: string;
}

/** How one of the two pools grew. */
export interface GrowthOutcome {
  /** Why growth stopped. */
  readonly stopped: StopReason;
  /** Entries that the pool lacks to its target size. 0 if `stopped` is `target`. Unknown for a file of an earlier version. */
  readonly shortfall?: number | undefined;
  /** Model calls, failed ones included. */
  readonly calls: number;
  /** Entries generated, whether accepted, discarded or flawed. */
  readonly generated: number;
  /** Near-duplicates, in order of generation. */
  readonly discarded: readonly DiscardedEntry[];
  /** What the quality gate refused, in order of generation. Undefined for a pool grown without it. */
  readonly flawed?: readonly FlawedEntry[] | undefined;
  /** If growth stopped at the bottleneck: what thresholds above the one used would give, in steps of 0.05. */
  readonly higherThresholds?: readonly HigherThreshold[] | undefined;
  /** Failed calls and the unusable parts of replies, in call order. */
  readonly unusable: readonly UnusablePart[];
}

/** Wanted numbers of entries, by attribute and value: `{ region: { Africa: 30, Asia: 30 } }`. */
export type Quotas = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Settings a pool was grown with, and the outcome. */
export interface PoolGrowth {
  /** Model id. */
  readonly model: string;
  /** Embedder id. */
  readonly embedder: string;
  /** Seed of the run. */
  readonly seed: number;
  /** Sampling temperature. */
  readonly temperature: number;
  /** Entries with a higher cosine similarity to an accepted one were discarded. */
  readonly similarityThreshold: Readonly<Record<PoolKind, number>>;
  /** How the statements of an entry were joined for comparison. 1 in files of version 0.1. */
  readonly textRule: TextRule;
  /** Number of entries outside the pool that it was kept apart from. 0 in files of version 0.1. */
  readonly apartFrom: Readonly<Record<PoolKind, number>>;
  /** Wanted numbers of entries by attribute and value. Left out if there are none. */
  readonly quotas?: Readonly<Record<PoolKind, Quotas>> | undefined;
  /** `id@version` of each prompt. */
  readonly prompts: Readonly<Record<PoolKind, string>>;
  readonly outcomes: Readonly<Record<PoolKind, GrowthOutcome>>;
}

/** A pool as plain data, as stored in its file. */
export interface PersonaPoolData {
  /** Name and version of the format. */
  readonly schema: 'aloe-persona-pool/2';
  readonly profiles: readonly Profile[];
  readonly personalities: readonly Personality[];
  /** Origin of each entry, by id. */
  readonly origins: Readonly<Record<PoolKind, Readonly<Record<string, EntryOrigin>>>>;
  /** BCP 47 tag of the language that the entries are in. Default `en`. */
  readonly language?: string | undefined;
  /** Null for a pool that was not grown. */
  readonly growth: PoolGrowth | null;
  /** Damage found in the released files the pool was read from. */
  readonly warnings: readonly FileWarning[];
}

const outcomeSchema: z.ZodType<GrowthOutcome> = z.object({
  stopped: z.enum(['target', 'bottleneck', 'max-calls']),
  shortfall: z.number().int().min(0).optional(),
  calls: z.number().int().min(0),
  generated: z.number().int().min(0),
  discarded: z.array(
    z.object({
      id: z.string(),
      statements: z.array(z.string()),
      nearestId: z.string(),
      similarity: z.number(),
    }),
  ),
  flawed: z
    .array(
      z.object({
        id: z.string(),
        statements: z.array(z.string()),
        flaw: z.enum(ENTRY_FLAWS),
        evidence: z.string(),
      }),
    )
    .optional(),
  higherThresholds: z.array(z.object({ threshold: z.number(), more: z.number().int().min(0) })).optional(),
  unusable: z.array(
    z.object({
      call: z.number().int().min(0),
      reason: z.enum(['too-few-statements', 'refusal', 'nothing-found', 'call-failed', 'malformed-reply']),
      text: z.string(),
    }),
  ),
});

const bothKinds = z.object({ profiles: z.number(), personalities: z.number() });

const quotas = z.record(z.string(), z.record(z.string(), z.number().int().min(0)));

const originsSchema = z.record(z.string(), z.enum(['seed', 'generated', 'released']));

function distinct(entries: readonly { readonly id: string }[]): boolean {
  return new Set(entries.map(({ id }) => id)).size === entries.length;
}

const poolSchema = z
  .object({
    schema: z.literal('aloe-persona-pool/2'),
    profiles: z.array(profileSchema).min(1),
    personalities: z.array(personalitySchema).min(1),
    origins: z.object({ profiles: originsSchema, personalities: originsSchema }),
    language: z.string().optional(),
    growth: z
      .object({
        model: z.string(),
        embedder: z.string(),
        seed: z.number().int(),
        temperature: z.number(),
        similarityThreshold: z.preprocess(
          // Version 0.1 had one threshold for both kinds.
          (value) => (typeof value === 'number' ? { profiles: value, personalities: value } : value),
          bothKinds,
        ),
        textRule: z.literal([1, 2]).default(1),
        apartFrom: bothKinds.default({ profiles: 0, personalities: 0 }),
        quotas: z.object({ profiles: quotas, personalities: quotas }).optional(),
        prompts: z.object({ profiles: z.string(), personalities: z.string() }),
        outcomes: z.object({ profiles: outcomeSchema, personalities: outcomeSchema }),
      })
      .nullable(),
    warnings: z.array(z.object({ file: z.string(), line: z.number().int(), message: z.string() })),
  })
  .refine(({ profiles, personalities }) => distinct(profiles) && distinct(personalities), {
    message: 'two profiles or two personalities share an id',
  });

/** Schema of a pool file. Version 1 files are converted to the current field names. */
export const personaPoolSchema: z.ZodType<PersonaPoolData> = z.preprocess(readFormer, poolSchema);

function readFormer(value: unknown): unknown {
  if ((value as { schema?: unknown } | null)?.schema !== 'aloe-persona-pool/1') return value;
  const outcome = (former: unknown) =>
    renameKeys(former, { candidates: 'generated', rejections: 'discarded' });
  const growth = (former: unknown) =>
    changeKey(former, 'outcomes', (outcomes) =>
      changeKey(changeKey(outcomes, 'profiles', outcome), 'personalities', outcome),
    );
  return { ...(changeKey(value, 'growth', growth) as object), schema: 'aloe-persona-pool/2' };
}
