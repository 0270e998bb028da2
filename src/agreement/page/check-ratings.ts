import type { Ratings } from '../ratings.ts';

/** Its message is shown to the person who opened the file. */
export class UnusableFileError extends Error {}

/** Reads ratings of these items from a file or the browser's storage. @throws UnusableFileError */
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
    throw new UnusableFileError('This is not a ratings file.');
  }
  const { rater, ratings } = value;
  for (const { id, rating, note } of ratings) {
    if (!ids.has(id)) throw new UnusableFileError('These ratings are for other replies.');
    const valid = rating === null || (Number.isInteger(rating) && rating >= 1 && rating <= 5);
    if (!valid || (note !== undefined && typeof note !== 'string')) {
      throw new UnusableFileError(`The file is damaged at ${id}.`);
    }
  }
  return { schema: 'aloe-ratings/1', rater, ratings };
}
