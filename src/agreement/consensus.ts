import { nearestRating, RATING_SCALE } from './ratings.ts';

/** The middle rating; between two of them their mean, a half of which goes up. Null for none. */
export function medianRating(ratings: readonly number[]): number | null {
  if (ratings.length === 0) return null;
  const sorted = ratings.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const high = sorted[Math.floor(sorted.length / 2)]!;
  return nearestRating((low + high) / 2);
}

/** The rating given most often. Null when several are, and for none. */
export function majorityRating(ratings: readonly number[]): number | null {
  const counts = RATING_SCALE.map((rating) => ratings.filter((each) => each === rating).length);
  const most = Math.max(...counts);
  const first = counts.indexOf(most);
  return most > 0 && counts.lastIndexOf(most) === first ? RATING_SCALE[first]! : null;
}
