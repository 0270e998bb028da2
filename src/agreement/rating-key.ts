import * as z from 'zod';
import { readJsonFile } from '../internal/json-file.ts';
import { writeFileAtomic } from '../internal/write-file.ts';

/** Origin and score of one item on a sheet. */
export interface RatingKeyItem {
  /** Id of the item on the sheet. */
  readonly id: string;
  /** Name of the candidate that answered. */
  readonly candidate: string;
  /** Id of the case whose user it answers. */
  readonly caseId: string;
  /** Which simulation of the case, from 1. Absent for the first. */
  readonly repeat?: number | undefined;
  /** From 1. */
  readonly turn: number;
  /** The judge's score, 1-5; fractional for a mean. */
  readonly score: number;
  /** SHA-256 of the response in hexadecimal, to verify that other scores are for the same text. */
  readonly responseSha256: string;
}

/** Who answered each item of a sheet, and the judge's score. Do not show it to raters. */
export interface RatingKey {
  /** Version of this structure. */
  readonly schema: 'aloe-rating-key/1';
  /** Version of this package that drew the sample. */
  readonly version: string;
  /** Id of the sheet. */
  readonly sheet: string;
  /** Seed of the sample. */
  readonly seed: number;
  /** Id of the judge. */
  readonly judge: string;
  /** Which rubric raters were told. Absent in keys of 0.1. */
  readonly guide?: 'aspects' | 'paper' | undefined;
  /** In the order of the sheet. */
  readonly items: readonly RatingKeyItem[];
}

/** Schema of a rating key file. */
export const ratingKeySchema: z.ZodType<RatingKey> = z.object({
  schema: z.literal('aloe-rating-key/1'),
  version: z.string(),
  sheet: z.string().min(1),
  seed: z.number().int(),
  judge: z.string(),
  guide: z.enum(['aspects', 'paper']).optional(),
  items: z
    .array(
      z.object({
        id: z.string().min(1),
        candidate: z.string(),
        caseId: z.string().min(1),
        repeat: z.int().min(2).optional(),
        turn: z.number().int().min(1),
        score: z.number().min(1).max(5),
        responseSha256: z.string(),
      }),
    )
    .min(1)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, {
      error: 'an item occurs twice',
    }),
});

/** Writes a key to a JSON file atomically. Missing directories are created. */
export async function saveRatingKey(key: RatingKey, path: string): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(key, null, 2)}\n`);
}

/**
 * Reads a key written by {@link saveRatingKey}.
 *
 * @throws InvalidFileError if the file cannot be read or is not a rating key. The message says what is wrong.
 */
export function readRatingKey(path: string): Promise<RatingKey> {
  return readJsonFile(path, ratingKeySchema, {
    what: 'a rating key',
    hint: 'Pass a file that saveRatingKey() or aloe rate sample wrote.',
  });
}
