import { type PublishedResult, publishedSource } from '../../benchmark/published-results.ts';
import { InvalidOptionError } from '../../errors.ts';
import type { ResultRow } from './result-row.ts';

/** A result minus its published row. Null without one, and if the turns are not those of the published row. */
export interface PublishedDifference {
  /** Of the averages, in points of the scale. */
  readonly average: number | null;
  /** Of IR, in points per turn. */
  readonly improvementRate: number | null;
}

/**
 * Subtracts from each row the published one of the same model and type.
 *
 * @throws InvalidOptionError if no row has a published one.
 */
export function comparePublished(
  rows: readonly ResultRow[],
  published: readonly PublishedResult[],
): PublishedDifference[] {
  const pairs = rows.map(({ model, type, result }) => {
    const found = published.find((each) => each.model === model && each.type === type);
    return { result, found };
  });
  if (pairs.every(({ found }) => found === undefined)) {
    const known = published.map(({ model, type }) => `${model} ${type}`);
    throw new InvalidOptionError(
      'rows',
      'at least one row with a published model and type',
      rows.map(({ model, type }) => `${model} ${type}`).join(', '),
      { hint: `Published: ${known.join(', ')}.` },
    );
  }
  return pairs.map(({ result, found }) => {
    if (found === undefined || result.lock.turns !== found.levels.length) {
      return { average: null, improvementRate: null };
    }
    const slope = result.improvementRate?.slope;
    return {
      average: result.average === null ? null : result.average - found.average,
      improvementRate: slope === undefined ? null : slope - found.improvementRate,
    };
  });
}

/** What to know about the published numbers, below a table that subtracts them. */
export const PUBLISHED_NOTE: string = `- "published": ${publishedSource.title} (${publishedSource.url}). ${publishedSource.measured} Other cases, users or judges move every level, so a difference is not an error by itself. The published numbers have no intervals.`;
