import { z } from 'zod';

/** What code can check in a response. {@link checkPreference} says how each kind is measured. */
export type PreferenceRule =
  | {
      readonly kind: 'length';
      readonly minimumWords?: number | undefined;
      readonly maximumWords?: number | undefined;
    }
  | { readonly kind: 'emoji' | 'question' | 'list'; readonly wanted: boolean }
  | { readonly kind: 'formality'; readonly wanted: 'formal' | 'casual' }
  | { readonly kind: 'vocabulary' | 'topic'; readonly words: readonly string[]; readonly wanted: boolean };

/** A preference about responses that code can check, without a judge model. */
export type CheckablePreference = PreferenceRule & {
  /** Id of the statement that says the preference in words: `T9`. */
  readonly trait: string;
};

const trait = z.string().regex(/^[FT][1-9]\d*$/);

const lengthSchema = z
  .object({
    trait,
    kind: z.literal('length'),
    minimumWords: z.int().min(1).optional(),
    maximumWords: z.int().min(1).optional(),
  })
  .refine(({ minimumWords, maximumWords }) => minimumWords !== undefined || maximumWords !== undefined, {
    error: 'a length has minimumWords, maximumWords or both',
  })
  .refine(({ minimumWords = 1, maximumWords = Infinity }) => minimumWords <= maximumWords, {
    error: 'minimumWords is at most maximumWords',
  });

export const checkablePreferenceSchema: z.ZodType<CheckablePreference> = z.discriminatedUnion('kind', [
  lengthSchema,
  z.object({ trait, kind: z.enum(['emoji', 'question', 'list']), wanted: z.boolean() }),
  z.object({ trait, kind: z.literal('formality'), wanted: z.enum(['formal', 'casual']) }),
  z.object({
    trait,
    kind: z.enum(['vocabulary', 'topic']),
    words: z.array(z.string().regex(/[\p{L}\p{N}]/u)).min(1),
    wanted: z.boolean(),
  }),
]);
