import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';

/** How much a disagreement counts: all the same, by its distance in ranks, or by the square of that distance. */
export type KappaWeights = 'none' | 'linear' | 'quadratic';

/** Options of {@link cohensKappa}. */
export interface KappaOptions<Category extends number | string> {
  /** Weight of a disagreement. Default `none`. */
  readonly weights?: KappaWeights | undefined;
  /**
   * All categories in order. Default: the categories that occur, numbers ascending. With weights, pass the whole scale
   * (`[1, 2, 3, 4, 5]`): distances are counted in ranks, so an unused category would otherwise shorten them.
   */
  readonly labels?: readonly Category[] | undefined;
}

const DISTANCE: Readonly<Record<KappaWeights, (ranks: number) => number>> = {
  none: (ranks) => (ranks === 0 ? 0 : 1),
  linear: Math.abs,
  quadratic: (ranks) => ranks ** 2,
};

/**
 * Cohen's kappa: agreement of two raters beyond chance, `1 - sum(w O) / sum(w E)`. O and E are the observed and the
 * expected counts of each pair of categories, w is the weight of their distance.
 *
 * 1 is full agreement, 0 is chance level, and negative values are below chance. The values equal scikit-learn's
 * `cohen_kappa_score`. Sources: Cohen 1960, "A Coefficient of Agreement for Nominal Scales"; for the weights Cohen 1968,
 * "Weighted kappa".
 *
 * @param a ratings of the first rater, all numbers or all strings. Leave out items that only one rater rated.
 * @param b ratings of the second rater: `a[i]` and `b[i]` rate the same item.
 * @param options weights (none) and labels (the categories that occur).
 * @returns kappa, or null if both raters used only one and the same category (scikit-learn returns NaN).
 * @throws InvalidOptionError if there are no ratings, the lists differ in length, ratings mix numbers and strings, a
 * rating is not finite or not among `labels`, a label is repeated, the weights are unknown, or strings are weighted
 * without `labels`.
 *
 * @example
 * ```ts
 * const [judge, human] = [[5, 4, 4, 2], [5, 3, 4, 1]];
 * cohensKappa(judge, human, { weights: 'quadratic', labels: [1, 2, 3, 4, 5] }); // 0.86
 * ```
 */
export function cohensKappa<Category extends number | string>(
  a: readonly Category[],
  b: readonly Category[],
  options: KappaOptions<Category> = {},
): number | null {
  checkKnownOptions<KappaOptions<Category>>('cohensKappa()', options, { weights: true, labels: true });
  const { weights = 'none', labels } = options;
  if (!Object.hasOwn(DISTANCE, weights)) {
    throw new InvalidOptionError('weights', '"none", "linear" or "quadratic"', weights);
  }
  if (!Array.isArray(a) || a.length === 0) throw new InvalidOptionError('a', 'at least one rating', a);
  if (!Array.isArray(b) || b.length !== a.length) {
    throw new InvalidOptionError('b', `as many ratings as a (${a.length})`, b);
  }
  const kind = typeof a[0];
  for (const [name, ratings] of Object.entries({ a, b, labels: labels ?? [] }))
    checkCategories(name, ratings, kind);
  if (weights !== 'none' && kind === 'string' && labels === undefined) {
    throw new InvalidOptionError('labels', 'the categories in order, because strings are weighted', labels);
  }
  const rank = rankCategories(labels ?? sortCategories([...a, ...b]));
  const counts = Array.from({ length: rank.size }, () => new Array<number>(rank.size).fill(0));
  for (let item = 0; item < a.length; item++) {
    counts[rankOf(rank, a[item]!, `a[${item}]`)]![rankOf(rank, b[item]!, `b[${item}]`)]! += 1;
  }
  return kappaOfCounts(counts, weights);
}

/**
 * Cohen's kappa of a square table of counts: `counts[i][j]` items have category i from the first rater and j from the
 * second. At least one item.
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
      const expected = kind === 'string' ? 'a string, like a[0]' : 'a finite number';
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
