import { type AsyncBuffer, type FileMetaData, parquetSchema, type RowGroup } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { getTreePath } from 'hyparquet/src/schema.js';

/** Most memory that reading a row group may take, in bytes. Writers make groups far smaller. */
const MAX_GROUP_BYTES = 2 ** 30;
/** What a value takes beside its text: an object, and its place in the lists of values and levels. */
const VALUE_BYTES = 64;

/**
 * Checks what the footer says about row groups and columns. Shared bytes would let a small file stand for any number of
 * rows, and the library that reads the columns leaves the errors of unknown or repeated ones unhandled, which ends the
 * process.
 *
 * @throws Error if columns share bytes, are outside the file, repeated or not in the schema.
 */
export function checkFooter({ byteLength }: AsyncBuffer, metadata: FileMetaData): void {
  const schema = parquetSchema(metadata);
  const ranges: ColumnRange[] = [];
  for (const { columns, num_rows: rows } of metadata.row_groups) {
    if (columns.length === 0 && rows > 0) throw new Error(`a row group of ${rows} rows has no columns`);
    const names = new Set<string>();
    for (const column of columns) {
      ranges.push(rangeOf(column));
      const path = column.meta_data?.path_in_schema ?? [];
      getTreePath(schema, path);
      names.add(path.join('.'));
    }
    if (names.size < columns.length) throw new Error('a row group has a column twice');
  }
  ranges.sort((a, b) => a.start - b.start);
  let free = 0;
  for (const { start, end } of ranges) {
    if (!(start >= free && end >= start)) throw new Error('two columns share bytes of the file');
    free = end;
  }
  if (free > byteLength) throw new Error('a column is outside the file');
}

/**
 * Checks by the page headers of a row group, before anything is decompressed, that it can be held in memory: a few bytes
 * of a page can stand for gigabytes.
 *
 * @throws Error if it needs more than 1 GiB, or the headers contradict the footer.
 */
export async function checkRowGroup(file: AsyncBuffer, { columns, num_rows: rows }: RowGroup): Promise<void> {
  let left = MAX_GROUP_BYTES;
  for (const column of columns) {
    const { start, end } = rangeOf(column);
    const reader = { view: new DataView(await file.slice(start, end)), offset: 0 };
    let values = 0;
    while (reader.offset < reader.view.byteLength - 1) {
      const page = sizesOf(parquetHeader(reader));
      values += page.values;
      left -= page.uncompressed + (page.values + page.entries) * VALUE_BYTES;
      if (left < 0) {
        throw new Error(
          `a row group needs more than ${MAX_GROUP_BYTES / 2 ** 20} MiB; write smaller row groups`,
        );
      }
      reader.offset += page.compressed;
    }
    // Each row has at least one value or null in each column.
    if (values < rows) throw new Error(`a row group of ${rows} rows has a column of ${values} values`);
  }
}

interface ColumnRange {
  readonly start: number;
  readonly end: number;
}

function rangeOf({ meta_data: column }: RowGroup['columns'][number]): ColumnRange {
  if (column === undefined) throw new Error('a column has no metadata');
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  return { start, end: start + Number(column.total_compressed_size) };
}

interface PageSizes {
  readonly compressed: number;
  readonly uncompressed: number;
  /** Rows, or elements of their lists. */
  readonly values: number;
  /** Of a dictionary. */
  readonly entries: number;
}

/** The library reads on at an arbitrary place, for ever, if one of these is missing. */
function sizesOf(header: ReturnType<typeof parquetHeader>): PageSizes {
  const { compressed_page_size: compressed, uncompressed_page_size: uncompressed } = header;
  const { data_page_header: data, data_page_header_v2: v2, dictionary_page_header: dictionary } = header;
  const levels = v2 ? [v2.definition_levels_byte_length, v2.repetition_levels_byte_length, v2.num_nulls] : [];
  const values = (data ?? v2)?.num_values ?? 0;
  const entries = dictionary?.num_values ?? 0;
  const counts = [compressed, uncompressed, values, entries, ...levels];
  if (!counts.every((count) => Number.isInteger(count) && count >= 0)) {
    throw new Error('a page header has a missing or negative size');
  }
  return { compressed, uncompressed, values, entries };
}
