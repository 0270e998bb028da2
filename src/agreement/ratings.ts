import * as z from 'zod';
import { readJsonFile } from '../internal/json-file.ts';

/** One rater's rating of one item. */
export interface Rating {
  /** Id of the item on the sheet. */
  readonly id: string;
  /** 1 to 5; null if not rated. */
  readonly rating: number | null;
  /** The rater's comment. Absent if there is none. */
  readonly note?: string | undefined;
}

/** All ratings by one rater, as saved by the rating page. */
export interface Ratings {
  /** Version of this structure. */
  readonly schema: 'aloe-ratings/1';
  /** Name of the rater. */
  readonly rater: string;
  /** In any order. Items of the sheet may be missing. */
  readonly ratings: readonly Rating[];
}

/** The possible ratings, in ascending order. */
export const RATING_SCALE: readonly number[] = [1, 2, 3, 4, 5];

/** Rounds a fractional score, such as a mean, to a whole rating; halves go up. */
export function nearestRating(score: number): number {
  return Math.round(score);
}

/** Schema of a ratings file. */
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
 * Reads a file saved by the rating page.
 *
 * @throws InvalidFileError if the file cannot be read or is not a ratings file. The message says what is wrong.
 */
export function readRatings(path: string): Promise<Ratings> {
  return readJsonFile(path, ratingsSchema, {
    what: 'a ratings file',
    hint: 'Pass a file saved by the rating page. For a table, use readRatingsCsv.',
  });
}
