import { InvalidOptionError } from '../errors.ts';
import { bootstrap } from './bootstrap.ts';
import { clusterings } from './clusters.ts';
import type { Interval } from './interval.ts';
import { checkResampling, type ResamplingOptions } from './resampling-options.ts';

export interface BootstrapStatisticOptions extends ResamplingOptions {
  /** One label a row: rows of one label are drawn together, as the ratings of one case should be. Default: each by itself. */
  readonly clusters?: readonly string[] | undefined;
}

/**
 * An interval for any statistic of rows, by the bootstrap that `bootstrapIntervals` uses. Resamples for which the
 * statistic is null are left out; null with fewer than five clusters, and when no resample has a value.
 *
 * @example
 * bootstrapStatistic(ratings, (rows) => cohensKappa(rows.map((row) => row.judge), rows.map((row) => row.human)));
 *
 * @throws InvalidOptionError for no rows, labels that are not one a row, and options out of range.
 */
export function bootstrapStatistic<Row>(
  rows: readonly Row[],
  statistic: (rows: readonly Row[]) => number | null,
  { clusters, ...options }: BootstrapStatisticOptions = {},
): Interval | null {
  if (!Array.isArray(rows) || rows.length === 0)
    throw new InvalidOptionError('rows', 'at least one row', rows);
  const intervalOf = bootstrap({
    ...checkResampling(options),
    rows: rows.length,
    ways: clusterings(rows.length, { clusters }),
    statistics(weights) {
      const drawn = rows.flatMap((row, index) => Array.from({ length: weights[index]! }, () => row));
      return [statistic(drawn) ?? Number.NaN];
    },
  });
  return intervalOf(0, () => true);
}
