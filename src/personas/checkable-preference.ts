import { z } from 'zod';

/** A preference about responses that code can check, without a judge model. */
export type CheckablePreference = { readonly trait: string } & (
  | {
      readonly kind: 'length';
      readonly minimumWords?: number | undefined;
      readonly maximumWords?: number | undefined;
    }
  | { readonly kind: 'emoji' | 'question' | 'list'; readonly wanted: boolean }
  | { readonly kind: 'formality'; readonly wanted: 'formal' | 'casual' }
  | { readonly kind: 'vocabulary' | 'topic'; readonly words: readonly string[]; readonly wanted: boolean }
);

// The id of the statement that says the preference in words: `T9`.
const trait = z.string().regex(/^[FT][1-9]\d*$/);

export const checkablePreferenceSchema: z.ZodType<CheckablePreference> = z.discriminatedUnion('kind', [
  z.object({
    trait,
    kind: z.literal('length'),
    minimumWords: z.int().min(1).optional(),
    maximumWords: z.int().min(1).optional(),
  }),
  z.object({ trait, kind: z.enum(['emoji', 'question', 'list']), wanted: z.boolean() }),
  z.object({ trait, kind: z.literal('formality'), wanted: z.enum(['formal', 'casual']) }),
  z.object({
    trait,
    kind: z.enum(['vocabulary', 'topic']),
    words: z.array(z.string().min(1)).min(1),
    wanted: z.boolean(),
  }),
]);
