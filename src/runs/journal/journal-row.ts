import { crc32 } from 'node:zlib';
import type { StoredRow } from './salvage/journal-pages.ts';

/** One finished call, with the column names of the table. */
export interface JournalRow {
  readonly key: string;
  readonly place: string;
  readonly value: string;
  readonly model: string | null;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
}

/** A row as it was read. */
export interface FoundRow extends JournalRow {
  /** Its number in the order of writing. */
  readonly row: number;
  readonly checksum: number;
}

/** What a query selects to get a {@link FoundRow}. */
export const FOUND_COLUMNS =
  'rowid AS row, key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum';

/** CRC-32 of a whole row. A row whose stored checksum differs was changed by something other than the journal. */
export function checksumOf(row: JournalRow): number {
  const { key, place, value, model, input_tokens, cached_input_tokens, output_tokens } = row;
  const head = `${key}\n${place}\n${model ?? ''}\n${input_tokens} ${cached_input_tokens} ${output_tokens}\n`;
  return crc32(head + value);
}

/** Whether a row found in the file's pages is one that a journal wrote. */
export function isIntact({ columns }: StoredRow): boolean {
  if (columns.length !== 9) return false;
  const [key, place, value, model, input_tokens, cached_input_tokens, output_tokens, checksum] = columns as [
    string,
    string,
    string,
    string | null,
    number,
    number,
    number,
    number,
  ];
  const texts = [key, place, value].every((column) => typeof column === 'string');
  return (
    texts &&
    checksum === checksumOf({ key, place, value, model, input_tokens, cached_input_tokens, output_tokens })
  );
}
