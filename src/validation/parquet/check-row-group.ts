import type { AsyncBuffer, FileMetaData, PageHeader, RowGroup, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import { checkPage } from './check-page.ts';
import { checkThrift, type Place } from './check-thrift.ts';

/** Most memory that reading a row group may take, in bytes. Writers make groups far smaller. */
const MAX_GROUP_BYTES = 2 ** 30;
/** Most bytes of a page after unpacking, which takes several times as much memory. Writers begin a new page after about 1 MiB. */
const MAX_PAGE_BYTES = 2 ** 28;
/** What a value takes beside its text: an object, and its place in the lists of values and levels. */
const VALUE_BYTES = 64;

/**
 * Checks what the footer says about row groups and columns. Shared bytes would let a small file stand for any number of
 * rows, and the library that reads the columns leaves the errors of unknown or repeated ones unhandled, which ends the
 * process.
 *
 * @throws Error if columns share bytes, are outside the file, repeated, or not those of the schema.
 */
export function checkRowGroups(
  { byteLength }: AsyncBuffer,
  metadata: FileMetaData,
  schema: SchemaTree,
): void {
  const ranges: ColumnRange[] = [];
  for (const { columns, num_rows: rows } of metadata.row_groups) {
    if (!(rows >= 0)) throw new Error('a row group has no number of rows');
    if (columns.length === 0 && rows > 0) throw new Error(`a row group of ${rows} rows has no columns`);
    const names = new Set<string>();
    for (const column of columns) {
      ranges.push(rangeOf(column));
      const { type, path_in_schema: path = [] } = column.meta_data ?? {};
      const { element } = getTreePath(schema, path).at(-1)!;
      if (element.type !== type)
        throw new Error(`the column ${element.name} is not of the type in the schema`);
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
 * Checks the pages of a row group before they are decoded: a few bytes of a page can stand for gigabytes.
 *
 * @throws Error if it needs more than 1 GiB of memory, or its pages contradict their headers or the footer.
 */
export async function checkRowGroup(file: AsyncBuffer, group: RowGroup, schema: SchemaTree): Promise<void> {
  let left = MAX_GROUP_BYTES;
  function claim(bytes: number): void {
    left -= bytes;
    if (left >= 0) return;
    throw new Error(`a row group needs more than ${MAX_GROUP_BYTES / 2 ** 20} MiB; write smaller row groups`);
  }
  for (const column of group.columns) {
    const { start, end } = rangeOf(column);
    claim(end - start);
    const metadata = column.meta_data!;
    const path = getTreePath(schema, metadata.path_in_schema);
    const place: Place = { view: new DataView(await file.slice(start, end)), offset: 0 };
    let values = 0;
    while (place.offset < place.view.byteLength - 1) {
      checkThrift(place.view, place.offset);
      const header = parquetHeader(place);
      const page = sizesOf(header);
      values += page.values;
      // Each level of lists makes objects of its own.
      claim(page.uncompressed + (page.values + page.entries) * VALUE_BYTES * Math.max(1, path.length - 1));
      if (page.uncompressed > MAX_PAGE_BYTES) {
        throw new Error(`a page unpacks to more than ${MAX_PAGE_BYTES / 2 ** 20} MiB`);
      }
      checkPage(new Uint8Array(place.view.buffer, place.offset, page.compressed), header, { metadata, path });
      place.offset += page.compressed;
    }
    // Each row has at least one value or null in each column.
    if (values < group.num_rows) {
      throw new Error(`a row group of ${group.num_rows} rows has a column of ${values} values`);
    }
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
function sizesOf(header: PageHeader): PageSizes {
  const { compressed_page_size: compressed, uncompressed_page_size: uncompressed } = header;
  const v1 = header.type === 'DATA_PAGE' ? header.data_page_header : undefined;
  const v2 = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined;
  const levels = v2 ? [v2.definition_levels_byte_length, v2.repetition_levels_byte_length, v2.num_nulls] : [];
  const values = (v1 ?? v2)?.num_values ?? 0;
  const entries = header.dictionary_page_header?.num_values ?? 0;
  const counts = [compressed, uncompressed, values, entries, ...levels];
  if (!counts.every((count) => Number.isInteger(count) && count >= 0)) {
    throw new Error('a page header has a missing or negative size');
  }
  return { compressed, uncompressed, values, entries };
}
