import * as z from 'zod';
import { InvalidFileError } from '../errors.ts';
import { describeIssues } from '../internal/describe-issues.ts';
import { readJsonLines } from '../internal/json-lines.ts';
import { DROP_REASONS, type DropReason } from './drop-reasons.ts';
import { type PreferenceRecord, preferenceRecordSchema } from './preference-record.ts';
import type { Split } from './split.ts';

/** All records of an export, also those that were left out. */
export const RECORDS_FILE = 'preferences.jsonl';

/** A line of `preferences.jsonl`: a record, its split, and whether each kind of format kept it. */
export interface ExportedRecord extends PreferenceRecord {
  /** The split that the record's profile is in. */
  readonly split: Split;
  /** Why each kind of format left the record out; null if it was kept. `rejected-demonstration` only if a format has that kind. */
  readonly dropped: Readonly<
    Record<'pair' | 'demonstration', DropReason | null> & {
      readonly 'rejected-demonstration'?: DropReason | null | undefined;
    }
  >;
  /** What gave a fault of the content away, such as the words that stand in a prompt. Absent if nothing was. */
  readonly evidence?: string | undefined;
}

const dropSchema = z.enum(DROP_REASONS).nullable();

/** Schema of a line of `preferences.jsonl`. Version 1 is accepted and converted. */
export const exportedRecordSchema: z.ZodType<ExportedRecord> = z.intersection(
  preferenceRecordSchema,
  z.object({
    split: z.enum(['train', 'validation']),
    dropped: z.object({
      pair: dropSchema,
      demonstration: dropSchema,
      'rejected-demonstration': dropSchema.optional(),
    }),
    evidence: z.string().optional(),
  }),
);

/**
 * Reads the `preferences.jsonl` of an export, one record at a time.
 *
 * @example
 * ```ts
 * import { readPreferenceRecords } from 'aloe-align';
 *
 * for await (const { id, dropped } of readPreferenceRecords('data/preferences.jsonl')) {
 *   if (dropped.pair !== null) console.log(id, dropped.pair);
 * }
 * ```
 *
 * @throws InvalidFileError if the file cannot be read or a line is not a record. The message names the line.
 */
export async function* readPreferenceRecords(path: string): AsyncGenerator<ExportedRecord> {
  for await (const { lineNumber, value } of readJsonLines(path)) {
    const parsed = exportedRecordSchema.safeParse(value);
    if (!parsed.success) {
      const problem = describeIssues(parsed.error, value);
      throw new InvalidFileError(path, `line ${lineNumber} is not a preference record: ${problem}.`);
    }
    yield parsed.data;
  }
}
