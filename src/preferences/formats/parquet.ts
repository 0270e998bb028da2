import { InvalidOptionError } from '../../errors.ts';
import type { PreferenceFormat } from '../preference-format.ts';

/**
 * The same rows as Parquet: typed columns, so that no loader guesses, in a fraction of the space. Its name ends in
 * `-parquet`, so both can be written at once.
 *
 * @throws InvalidOptionError when the format does not say its `columns`.
 */
export function parquet<Format extends PreferenceFormat>(format: Format): Format {
  if (format?.columns === undefined) {
    throw new InvalidOptionError('format', 'a format that declares its columns', format?.name);
  }
  return { ...format, name: `${format.name}-parquet`, fileType: 'parquet' };
}
