import * as z from 'zod';
import { readJsonFile } from '../internal/json-file.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import type { Interval } from '../metrics/index.ts';
import { type InstructionRule, instructionRuleSchema } from './instruction-rule.ts';
import { type LikelihoodResult, likelihoodSchema } from './likelihood-result.ts';
import { type LmEvalResult, lmEvalSchema } from './lm-eval-result.ts';

/** A request that a model has answered. */
export interface AnsweredInstruction {
  readonly id: string;
  readonly prompt: string;
  readonly response: string;
  /** Whether the response follows each rule of the request. */
  readonly rules: readonly { readonly rule: InstructionRule; readonly followed: boolean }[];
  /** Whether it follows all of them. */
  readonly followed: boolean;
}

/** How well a model follows instructions that code can check. */
export interface InstructionsResult {
  /** Version of the requests. */
  readonly version: number;
  /** Share of requests whose instructions were all followed, 0 to 1. */
  readonly followed: number;
  /** 95 % confidence interval over requests of this sort. */
  readonly interval: Interval | null;
  /** How the responses were sampled. Null: the model's default. */
  readonly responses: { readonly temperature: number | null; readonly maxOutputTokens: number | null };
  readonly seed: number;
  /** One entry per request, in the order of the set. */
  readonly items: readonly AnsweredInstruction[];
}

/** The general ability of a model, as plain data. Whatever was not measured is null. */
export interface AbilitiesResult {
  /** Version of this structure. */
  readonly schema: 'aloe-abilities/1';
  /** `model` is the model's id. */
  readonly candidate: { readonly name: string; readonly model: string };
  readonly instructions: InstructionsResult | null;
  readonly likelihood: LikelihoodResult | null;
  readonly lmEval: LmEvalResult | null;
}

const share = z.number().min(0).max(1);

const answeredSchema = z
  .object({
    id: z.string(),
    prompt: z.string(),
    response: z.string(),
    rules: z.array(z.object({ rule: instructionRuleSchema, followed: z.boolean() })).min(1),
    followed: z.boolean(),
  })
  .refine(({ rules, followed }) => followed === rules.every((rule) => rule.followed), {
    error: 'does not agree with its rules',
    path: ['followed'],
  });

const abilitiesSchema: z.ZodType<AbilitiesResult> = z.object({
  schema: z.literal('aloe-abilities/1'),
  candidate: z.object({ name: z.string(), model: z.string() }),
  instructions: z
    .object({
      version: z.number(),
      followed: share,
      interval: z.object({ low: share, high: share }).nullable(),
      responses: z.object({
        temperature: z.number().nullable(),
        maxOutputTokens: z.number().nullable(),
      }),
      seed: z.number(),
      items: z.array(answeredSchema).min(1),
    })
    .nullable(),
  likelihood: likelihoodSchema.nullable(),
  lmEval: lmEvalSchema.nullable(),
});

/**
 * Writes a result to a JSON file atomically. Missing directories are created.
 *
 * @example
 * ```ts
 * await saveAbilities(result, 'tuned.abilities.json');
 * ```
 */
export async function saveAbilities(result: AbilitiesResult, path: string): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(result, null, 2)}\n`);
}

/**
 * Reads a result that {@link saveAbilities} wrote.
 *
 * @throws InvalidFileError if the file cannot be read or is something else. The message says what is wrong.
 */
export function readAbilities(path: string): Promise<AbilitiesResult> {
  return readJsonFile(path, abilitiesSchema, {
    what: 'a result on general ability',
    hint: 'Pass a file that saveAbilities() or aloe abilities measure wrote.',
  });
}
