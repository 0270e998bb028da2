import { nearestRating, RATING_SCALE } from './ratings.ts';

/** Median rating, rounded to a whole rating with halves up. Null for an empty list. */
export function medianRating(ratings: readonly number[]): number | null {
  if (ratings.length === 0) return null;
  const sorted = ratings.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const high = sorted[Math.floor(sorted.length / 2)]!;
  return nearestRating((low + high) / 2);
}

/** The most frequent rating. Null for a tie or an empty list. */
export function majorityRating(ratings: readonly number[]): number | null {
  const counts = RATING_SCALE.map((rating) => ratings.filter((each) => each === rating).length);
  const max = Math.max(...counts);
  const first = counts.indexOf(max);
  return max > 0 && counts.lastIndexOf(max) === first ? RATING_SCALE[first]! : null;
}
