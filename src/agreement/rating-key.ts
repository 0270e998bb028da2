import { z } from 'zod';
import { readJsonFile } from '../internal/json-file.ts';
import { writeFileAtomic } from '../internal/write-file.ts';

/** What stands behind one item of a sheet. */
export interface RatingKeyItem {
  readonly id: string;
  /** Name of the candidate that answered. */
  readonly candidate: string;
  readonly caseId: string;
  /** From 1. */
  readonly turn: number;
  /** What the judge gave, 1-5; a fraction where it took a mean. */
  readonly score: number;
  /** Of the response, in hexadecimal: shows whether other scores are about the same text. */
  readonly responseSha256: string;
}

/** Says who answered the items of a sheet and what the judge gave them. Kept away from the raters. */
export interface RatingKey {
  readonly schema: 'aloe-rating-key/1';
  /** Version of this package. */
  readonly version: string;
  /** Id of the sheet. */
  readonly sheet: string;
  /** Seed of the sample. */
  readonly seed: number;
  /** Id of the judge. */
  readonly judge: string;
  readonly items: readonly RatingKeyItem[];
}

export const ratingKeySchema: z.ZodType<RatingKey> = z.object({
  schema: z.literal('aloe-rating-key/1'),
  version: z.string(),
  sheet: z.string().min(1),
  seed: z.number().int(),
  judge: z.string(),
  items: z
    .array(
      z.object({
        id: z.string().min(1),
        candidate: z.string(),
        caseId: z.string().min(1),
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

/** Writes a key to a JSON file: all of it or nothing. Folders that are missing are made. */
export async function saveRatingKey(key: RatingKey, path: string): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(key, null, 2)}\n`);
}

/** @throws InvalidFileError when the file cannot be read or holds no key, saying where it is wrong. */
export function readRatingKey(path: string): Promise<RatingKey> {
  return readJsonFile(path, ratingKeySchema, {
    what: 'a rating key',
    hint: 'Pass a file written by saveRatingKey.',
  });
}
