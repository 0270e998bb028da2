import * as z from 'zod';
import { InvalidFileError } from '../errors.ts';
import { readJsonLines } from '../internal/json-lines.ts';
import { DROP_REASONS, type DropReason } from './drops.ts';
import type { PreferenceFormat } from './preference-format.ts';
import { type PreferenceRecord, preferenceRecordSchema } from './preference-record.ts';
import type { Split } from './split.ts';

/** A line of `preferences.jsonl`: a record, the side it went to, and what became of it in each kind of format. */
export interface ExportedRecord extends PreferenceRecord {
  readonly split: Split;
  /** Null where the record was kept. */
  readonly dropped: Readonly<Record<PreferenceFormat['kind'], DropReason | null>>;
}

const fateSchema = z.enum(DROP_REASONS).nullable();

export const exportedRecordSchema: z.ZodType<ExportedRecord> = z.intersection(
  preferenceRecordSchema,
  z.object({
    split: z.enum(['train', 'validation']),
    dropped: z.object({ pair: fateSchema, demonstration: fateSchema }),
  }),
);

/**
 * Reads the `preferences.jsonl` of an export, one record at a time.
 *
 * @throws InvalidFileError naming the line when one is not a record.
 */
export async function* readPreferenceRecords(path: string): AsyncGenerator<ExportedRecord> {
  for await (const { lineNumber, value } of readJsonLines(path)) {
    const parsed = exportedRecordSchema.safeParse(value);
    if (!parsed.success) {
      throw new InvalidFileError(path, `line ${lineNumber}: ${z.prettifyError(parsed.error)}`);
    }
    yield parsed.data;
  }
}
