import * as z from 'zod';
import { type AloeCaseTags, caseTagsSchema } from './case-tags.ts';

/** One person of the benchmark, as written in `cases.json`. */
export interface CaseEntry {
  /** `aloe-001` to `aloe-100`, numbered by place in the file. */
  readonly id: string;
  readonly tags: AloeCaseTags;
  /** What conversations with this person may be about. */
  readonly facts: readonly string[];
  /** How this person writes, and which replies they like. */
  readonly traits: readonly string[];
}

/** The content of `cases.json`. */
export interface CaseFile {
  /** Tells editors where the JSON Schema is. */
  readonly $schema: string;
  readonly cases: readonly CaseEntry[];
}

const statements = z
  .array(
    z
      .string()
      .regex(/^\S.{4,118}[^\s.]$/)
      .describe('One short statement of 6-120 characters, without a full stop at the end.'),
  )
  .min(8)
  .max(10);

/** Checks `cases.json`. Its JSON Schema, `cases.schema.json`, is generated from it: the descriptions show up in editors. */
export const caseFileSchema: z.ZodType<CaseFile> = z.strictObject({
  $schema: z.literal('./cases.schema.json'),
  cases: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^aloe-\d{3}$/)
          .describe('The place in this list, from aloe-001. An id stays with its person, so never reorder.'),
        tags: caseTagsSchema,
        facts: statements.describe(
          'What conversations may be about: age, work, place, family, money, health, hobbies, plans.',
        ),
        traits: statements.describe(
          'What shows in a chat: how the person writes, and which replies they like.',
        ),
      }),
    )
    .length(100),
});
