import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkChoice, checkNumber } from '../internal/options.ts';
import { DROP_REASONS, type DropReason } from './drop-reasons.ts';
import { type ExportedRecord, RECORDS_FILE, readPreferenceRecords } from './preference-file.ts';
import { FORMAT_KINDS, type PreferenceFormat } from './preference-format.ts';

/** Options of {@link readDroppedRecords}. */
export interface ReadDroppedOptions {
  /** What the records were left out as. Default `pair`. */
  readonly kind?: PreferenceFormat['kind'] | undefined;
  /** Reasons to read. Default: all. */
  readonly reasons?: readonly DropReason[] | undefined;
  /** Most records of each reason, the first of the file; all are counted. Default 10. */
  readonly rows?: number | undefined;
}

/** The records that an export left out for one reason. */
export interface DroppedRecords {
  readonly reason: DropReason;
  /** How many there are. */
  readonly count: number;
  /** The first of them. */
  readonly records: readonly ExportedRecord[];
}

/**
 * Reads what an export left out, by reason: to look at a rule before you trust it.
 *
 * @param path Directory of the export, or its `preferences.jsonl`.
 * @returns One entry per reason that occurs, the most frequent first.
 *
 * @example
 * ```ts
 * import { readDroppedRecords } from 'aloe-align';
 *
 * for (const { reason, count, records } of await readDroppedRecords('data')) {
 *   console.log(reason, count, records[0]!.preferred);
 * }
 * ```
 *
 * @throws InvalidOptionError if an option is invalid.
 * @throws InvalidFileError if the file cannot be read or a line is not a record.
 */
export async function readDroppedRecords(
  path: string,
  options: ReadDroppedOptions = {},
): Promise<readonly DroppedRecords[]> {
  checkKnownOptions<ReadDroppedOptions>('readDroppedRecords()', options, {
    kind: true,
    reasons: true,
    rows: true,
  });
  const kind = checkChoice('kind', options.kind ?? 'pair', FORMAT_KINDS);
  const rows = checkNumber('rows', options.rows ?? 10, { min: 0, integer: true });
  const reasons = options.reasons ?? DROP_REASONS;
  if (!Array.isArray(reasons)) throw new InvalidOptionError('reasons', 'an array of reasons', reasons);
  for (const [index, reason] of reasons.entries()) checkChoice(`reasons[${index}]`, reason, DROP_REASONS);

  const found = new Map<DropReason, { reason: DropReason; count: number; records: ExportedRecord[] }>();
  for await (const record of readRecords(path)) {
    const reason: DropReason | undefined = reasons.find((each) => each === record.dropped[kind]);
    if (reason === undefined) continue;
    const entry = found.get(reason) ?? { reason, count: 0, records: [] };
    found.set(reason, entry);
    entry.count += 1;
    if (entry.records.length < rows) entry.records.push(record);
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
}

/** The records of a file, or of a directory. An export of conversations that all failed has none, and no file of them. */
function readRecords(path: string): AsyncIterable<ExportedRecord> | readonly ExportedRecord[] {
  const file = join(path, RECORDS_FILE);
  if (existsSync(file)) return readPreferenceRecords(file);
  return existsSync(join(path, 'manifest.json')) ? [] : readPreferenceRecords(path);
}
