import { z } from 'zod';
import { changeKey, renameKeys } from '../internal/former-names.ts';
import type { UnusableReason } from './parsing/parse-personas.ts';
import { type Personality, type Profile, personalitySchema, profileSchema } from './persona.ts';
import type { FileWarning } from './released-files.ts';

/** Which of the two pools. */
export type PoolKind = 'profiles' | 'personalities';

/** Where an entry comes from: given at the start, written by a model, or read from a file of the authors. */
export type EntryOrigin = 'seed' | 'generated' | 'released';

/** Why growth ended: the size was reached, too few new candidates were different enough, or all calls were used. */
export type StopReason = 'target' | 'bottleneck' | 'max-calls';

/** A candidate that was too similar to an accepted one. */
export interface DiscardedEntry {
  readonly id: string;
  readonly statements: readonly string[];
  readonly nearestId: string;
  /** Cosine between the two. */
  readonly similarity: number;
}

/** A part of a reply that was no candidate at all; `call-failed` and `malformed-reply` stand for whole calls. */
export interface UnusablePart {
  /** Number of the call, from 0. */
  readonly call: number;
  readonly reason: UnusableReason | 'call-failed' | 'malformed-reply';
  /** What the model wrote, or the error, shortened. */
  readonly text: string;
}

/** How one of the two pools grew. */
export interface GrowthOutcome {
  readonly stopped: StopReason;
  readonly calls: number;
  /** Accepted and rejected together. */
  readonly generated: number;
  readonly discarded: readonly DiscardedEntry[];
  readonly unusable: readonly UnusablePart[];
}

/** What made a pool. */
export interface PoolGrowth {
  readonly model: string;
  readonly embedder: string;
  readonly seed: number;
  readonly temperature: number;
  readonly similarityThreshold: number;
  /** `id@version` of each prompt. */
  readonly prompts: Readonly<Record<PoolKind, string>>;
  readonly outcomes: Readonly<Record<PoolKind, GrowthOutcome>>;
}

/** A pool as plain data: what its file holds. */
export interface PersonaPoolData {
  readonly schema: 'aloe-persona-pool/2';
  readonly profiles: readonly Profile[];
  readonly personalities: readonly Personality[];
  /** Origin of each entry, by id. */
  readonly origins: Readonly<Record<PoolKind, Readonly<Record<string, EntryOrigin>>>>;
  /** Null for a pool that was not grown. */
  readonly growth: PoolGrowth | null;
  /** Damage in the files the pool was read from. */
  readonly warnings: readonly FileWarning[];
}

const outcomeSchema: z.ZodType<GrowthOutcome> = z.object({
  stopped: z.enum(['target', 'bottleneck', 'max-calls']),
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
  unusable: z.array(
    z.object({
      call: z.number().int().min(0),
      reason: z.enum(['too-few-statements', 'refusal', 'nothing-found', 'call-failed', 'malformed-reply']),
      text: z.string(),
    }),
  ),
});

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
    growth: z
      .object({
        model: z.string(),
        embedder: z.string(),
        seed: z.number().int(),
        temperature: z.number(),
        similarityThreshold: z.number(),
        prompts: z.object({ profiles: z.string(), personalities: z.string() }),
        outcomes: z.object({ profiles: outcomeSchema, personalities: outcomeSchema }),
      })
      .nullable(),
    warnings: z.array(z.object({ file: z.string(), line: z.number().int(), message: z.string() })),
  })
  .refine(({ profiles, personalities }) => distinct(profiles) && distinct(personalities), {
    message: 'two profiles, or two personalities, have the same id',
  });

/** Checks a pool file. One of version 1 is given the present names. */
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
