import * as z from 'zod';

/** A property of responses that code can check. {@link followsRule} describes how each kind is measured. */
export type Rule =
  | {
      readonly kind: 'length';
      readonly minWords?: number | undefined;
      readonly maxWords?: number | undefined;
    }
  | { readonly kind: 'emoji' | 'question' | 'list'; readonly wanted: boolean }
  | { readonly kind: 'formality'; readonly wanted: 'formal' | 'casual' }
  | { readonly kind: 'vocabulary' | 'topic'; readonly words: readonly string[]; readonly wanted: boolean };

/** A rule of one persona: a preference that code can check, without a judge model. */
export type PersonaRule = Rule & {
  /** Id of the statement that puts the rule in words, such as `T9`. */
  readonly statement: string;
};

const lengthSchema = z
  .object({
    kind: z.literal('length'),
    minWords: z.int().min(1).optional(),
    maxWords: z.int().min(1).optional(),
  })
  .refine(({ minWords, maxWords }) => minWords !== undefined || maxWords !== undefined, {
    error: 'a length rule needs minWords, maxWords or both',
  })
  .refine(({ minWords = 1, maxWords = Infinity }) => minWords <= maxWords, {
    error: 'minWords must not exceed maxWords',
  });

/** Checks a {@link Rule}. */
export const ruleSchema: z.ZodType<Rule> = z.discriminatedUnion('kind', [
  lengthSchema,
  z.object({ kind: z.enum(['emoji', 'question', 'list']), wanted: z.boolean() }),
  z.object({ kind: z.literal('formality'), wanted: z.enum(['formal', 'casual']) }),
  z.object({
    kind: z.enum(['vocabulary', 'topic']),
    words: z.array(z.string().regex(/[\p{L}\p{N}]/u)).min(1),
    wanted: z.boolean(),
  }),
]);

/** Checks a {@link PersonaRule}. */
export const personaRuleSchema: z.ZodType<PersonaRule> = ruleSchema.and(
  z.object({ statement: z.string().regex(/^[FT][1-9]\d*$/) }),
);
