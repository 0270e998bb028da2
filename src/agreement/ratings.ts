import { z } from 'zod';
import { readJsonFile } from '../internal/json-file.ts';

/** What one rater gave one item. */
export interface Rating {
  readonly id: string;
  /** 1 to 5; null when the rater left it open. */
  readonly rating: number | null;
  readonly note?: string | undefined;
}

/** What one rater gave, as the rating page saves it. */
export interface Ratings {
  readonly schema: 'aloe-ratings/1';
  readonly rater: string;
  readonly ratings: readonly Rating[];
}

/** The ratings there are, in order. */
export const RATING_SCALE: readonly number[] = [1, 2, 3, 4, 5];

/** A score with a fraction, as a mean has, as the rating it is nearest to; halves go up. */
export function nearestRating(score: number): number {
  return Math.round(score);
}

export const ratingsSchema: z.ZodType<Ratings> = z.object({
  schema: z.literal('aloe-ratings/1'),
  rater: z.string().trim().min(1),
  ratings: z
    .array(
      z.object({
        id: z.string().min(1),
        rating: z.int().min(1).max(5).nullable(),
        note: z.string().optional(),
      }),
    )
    .refine((ratings) => new Set(ratings.map(({ id }) => id)).size === ratings.length, {
      error: 'an item is rated twice',
    }),
});

/**
 * Reads the file that the rating page has saved.
 *
 * @throws InvalidFileError when it cannot be read or holds no ratings, saying where it is wrong.
 */
export function readRatings(path: string): Promise<Ratings> {
  return readJsonFile(path, ratingsSchema, {
    what: 'a ratings file',
    hint: 'Pass a file saved by the rating page. For a table, use readRatingsCsv.',
  });
}
