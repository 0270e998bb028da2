import { InvalidOptionError } from '../errors.ts';
import { bootstrap } from './bootstrap.ts';
import { clusterings } from './clusters.ts';
import type { Interval } from './interval.ts';
import { checkResampling, type ResamplingOptions } from './resampling-options.ts';

/** How rows are resampled, for {@link bootstrapStatistic}. */
export interface BootstrapStatisticOptions extends ResamplingOptions {
  /**
   * One label per row. Rows with the same label are resampled together, as the ratings of one case should be. Default:
   * every row on its own.
   */
  readonly clusters?: readonly string[] | undefined;
}

/**
 * A confidence interval for any statistic of rows, by the same bootstrap as {@link bootstrapIntervals}.
 *
 * @param rows what is resampled: at least one row.
 * @param statistic computes the statistic of a resample. Resamples for which it returns null are left out.
 * @param options labels of the rows, and `seed` (0), `resamples` (10,000) and `confidence` (0.95).
 * @returns null with fewer than five clusters, and if no resample has a value.
 * @throws InvalidOptionError if there are no rows, if there is not one label per row, or if an option is out of range.
 *
 * @example
 * ```ts
 * bootstrapStatistic(ratings, (rows) => cohensKappa(rows.map((row) => row.judge), rows.map((row) => row.human)));
 * ```
 */
export function bootstrapStatistic<Row>(
  rows: readonly Row[],
  statistic: (rows: readonly Row[]) => number | null,
  { clusters, ...options }: BootstrapStatisticOptions = {},
): Interval | null {
  if (!Array.isArray(rows) || rows.length === 0)
    throw new InvalidOptionError('rows', 'at least one row', rows);
  const intervalOf = bootstrap({
    ...checkResampling('bootstrapStatistic()', options, ['clusters']),
    rows: rows.length,
    ways: clusterings(rows.length, { clusters }),
    statistics(weights) {
      const drawn = rows.flatMap((row, index) => Array.from({ length: weights[index]! }, () => row));
      return [statistic(drawn) ?? Number.NaN];
    },
  });
  return intervalOf(0, () => true);
}
