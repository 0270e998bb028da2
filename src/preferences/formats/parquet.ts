import { InvalidOptionError } from '../../errors.ts';
import type { PreferenceFormat } from '../preference-format.ts';

/**
 * Writes a format's rows as Parquet: smaller, and with typed columns, so that loaders do not guess. The name gets the
 * suffix `-parquet`, so that both variants can be written in one export.
 *
 * @example
 * ```ts
 * import { parquet, PreferenceExporter, trlDpo } from 'aloe-align';
 *
 * new PreferenceExporter({ formats: [parquet(trlDpo())] });
 * ```
 *
 * @throws InvalidOptionError if the format does not declare `columns`.
 */
export function parquet<Format extends PreferenceFormat>(format: Format): Format {
  if (format?.columns === undefined) {
    throw new InvalidOptionError('format', 'a format that declares its columns', format?.name);
  }
  return { ...format, name: `${format.name}-parquet`, fileType: 'parquet' };
}
