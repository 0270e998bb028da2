import type { Ratings } from '../ratings.ts';

/** Words for the person who opened the file. */
export class UnusableFileError extends Error {}

/** What a file or the browser's storage holds, if it is ratings of these items. @throws UnusableFileError */
export function checkRatings(text: string, ids: ReadonlySet<string>): Ratings {
  let value: Partial<Ratings> | null;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (
    value?.schema !== 'aloe-ratings/1' ||
    typeof value.rater !== 'string' ||
    !Array.isArray(value.ratings)
  ) {
    throw new UnusableFileError('This is no file of ratings.');
  }
  const { rater, ratings } = value;
  for (const { id, rating, note } of ratings) {
    if (!ids.has(id)) throw new UnusableFileError('These are ratings of other replies.');
    const valid = rating === null || (Number.isInteger(rating) && rating >= 1 && rating <= 5);
    if (!valid || (note !== undefined && typeof note !== 'string')) {
      throw new UnusableFileError(`The file is damaged at ${id}.`);
    }
  }
  return { schema: 'aloe-ratings/1', rater, ratings };
}
