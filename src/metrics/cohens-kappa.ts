import { InvalidOptionError } from '../errors.ts';

/** How much a disagreement counts: all alike, by its distance in ranks, or by the square of that distance. */
export type KappaWeights = 'none' | 'linear' | 'quadratic';

export interface KappaOptions<Category extends number | string> {
  /** Default `none`. */
  readonly weights?: KappaWeights | undefined;
  /**
   * All categories in order. Default: those that occur, numbers ascending. With weights, give the whole scale
   * (`[1, 2, 3, 4, 5]`): distances are counted in ranks, and a category that nobody used would otherwise shorten them.
   */
  readonly labels?: readonly Category[] | undefined;
}

const DISTANCE: Readonly<Record<KappaWeights, (ranks: number) => number>> = {
  none: (ranks) => (ranks === 0 ? 0 : 1),
  linear: Math.abs,
  quadratic: (ranks) => ranks ** 2,
};

/**
 * Cohen's kappa, the agreement of two raters beyond chance: `1 - sum(w O) / sum(w E)`, where O are the observed and E
 * the expected counts of each pair of categories and w the weight of their distance. 1 is full agreement, 0 what chance
 * gives, below 0 less than that. Null where chance alone agrees fully: both raters used one and the same category.
 *
 * `a[i]` and `b[i]` are the two ratings of item i, all numbers or all strings; leave out items that one rater did not
 * rate. The values are scikit-learn's `cohen_kappa_score` (which answers NaN where this answers null). Sources: Cohen
 * 1960 and, for the weights, Cohen 1968.
 *
 * @throws InvalidOptionError for no ratings, lists of different lengths, a rating that is no finite number or string or is
 * not among `labels`, mixed kinds, repeated labels, unknown weights, and weights over strings without `labels`.
 */
export function cohensKappa<Category extends number | string>(
  a: readonly Category[],
  b: readonly Category[],
  { weights = 'none', labels }: KappaOptions<Category> = {},
): number | null {
  if (!Object.hasOwn(DISTANCE, weights)) {
    throw new InvalidOptionError('weights', '"none", "linear" or "quadratic"', weights);
  }
  if (!Array.isArray(a) || a.length === 0) throw new InvalidOptionError('a', 'at least one rating', a);
  if (!Array.isArray(b) || b.length !== a.length) {
    throw new InvalidOptionError('b', `${a.length} ratings, as in a`, b);
  }
  const kind = typeof a[0];
  for (const [name, ratings] of Object.entries({ a, b, labels: labels ?? [] }))
    checkCategories(name, ratings, kind);
  if (weights !== 'none' && kind === 'string' && labels === undefined) {
    throw new InvalidOptionError(
      'labels',
      'the categories in order, as strings have none of their own',
      labels,
    );
  }
  const rank = rankCategories(labels ?? sortCategories([...a, ...b]));
  const counts = Array.from({ length: rank.size }, () => new Array<number>(rank.size).fill(0));
  for (let item = 0; item < a.length; item++) {
    counts[rankOf(rank, a[item]!, `a[${item}]`)]![rankOf(rank, b[item]!, `b[${item}]`)]! += 1;
  }
  return kappaOfCounts(counts, weights);
}

/**
 * Cohen's kappa of a table of counts: `counts[i][j]` items have category i from the first rater and j from the second.
 * Square, at least one item.
 */
export function kappaOfCounts(counts: readonly (readonly number[])[], weights: KappaWeights): number | null {
  const distance = DISTANCE[weights];
  const rowTotals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columnTotals = counts.map((_, column) => counts.reduce((sum, row) => sum + row[column]!, 0));
  const items = rowTotals.reduce((sum, count) => sum + count, 0);
  let observed = 0;
  let expected = 0;
  for (let row = 0; row < counts.length; row++) {
    for (let column = 0; column < counts.length; column++) {
      observed += distance(row - column) * counts[row]![column]!;
      expected += distance(row - column) * rowTotals[row]! * columnTotals[column]!;
    }
  }
  return expected === 0 ? null : 1 - (observed * items) / expected;
}

function checkCategories(name: string, ratings: readonly unknown[], kind: string): void {
  for (let index = 0; index < ratings.length; index++) {
    const rating = ratings[index];
    const valid = typeof rating === kind && (kind === 'string' || Number.isFinite(rating));
    if (!valid) {
      const expected = kind === 'string' ? 'a string, as a[0] is' : 'a finite number';
      throw new InvalidOptionError(`${name}[${index}]`, expected, rating);
    }
  }
}

function sortCategories<Category extends number | string>(ratings: readonly Category[]): Category[] {
  return [...new Set(ratings)].sort((x, y) => (x < y ? -1 : 1));
}

function rankCategories<Category>(labels: readonly Category[]): Map<Category, number> {
  const rank = new Map(labels.map((label, index) => [label, index]));
  if (rank.size !== labels.length) throw new InvalidOptionError('labels', 'each category once', labels);
  return rank;
}

function rankOf<Category>(rank: ReadonlyMap<Category, number>, rating: Category, name: string): number {
  const found = rank.get(rating);
  if (found === undefined) throw new InvalidOptionError(name, 'one of the labels', rating);
  return found;
}
