import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Every journal has this page size, so that it can be read even if its header is damaged. */
export const PAGE_BYTES = 4_096;

const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const FRAME_BYTES = FRAME_HEADER_BYTES + PAGE_BYTES;
const TABLE_LEAF = 0x0d;
const LEAF_HEADER_BYTES = 8;
/** How much of a row is in its leaf; the rest is in overflow pages. See section 1.6 of the SQLite file format. */
const MAX_LOCAL_BYTES = PAGE_BYTES - 35;
const MIN_LOCAL_BYTES = Math.floor(((PAGE_BYTES - 12) * 32) / 255) - 23;
const OVERFLOW_BYTES = PAGE_BYTES - 4;
/** A journal's rows have 9. */
const MAX_COLUMNS = 16;
/**
 * How much is read from overflow pages, in sizes of the files. The log repeats the rows of a page when a row is added, a
 * few times each. Rows that point to the pages of each other would repeat them without end.
 */
const MAX_REPEATS = 100;

/** A value of a row. Types that a journal does not use are null. */
export type Column = string | number | null;

/** A row as it is in the file. Only its checksum tells whether it is intact. */
export interface StoredRow {
  readonly rowid: number;
  readonly columns: readonly Column[];
}

/** The rows of a journal's files. Open them before SQLite does, since it may delete the log. */
export interface JournalPages {
  /** Every row in the write-ahead log, committed or not. */
  rowsInLog(): Generator<StoredRow>;
  /** Every row in the main file and the log. A row may occur more than once. */
  rows(): Generator<StoredRow>;
  close(): void;
}

/**
 * Reads the rows of an SQLite file page by page, without its header, tree and indexes. Damage then affects only the
 * rows it is in. A row may be garbage, so check its checksum.
 */
export function openPages(path: string): JournalPages {
  const main = openIfPresent(path);
  const log = openIfPresent(`${path}-wal`);
  const logged = new Map<number, number>();
  for (const { offset, pageNumber } of frames()) logged.set(pageNumber, offset);

  function* frames(): Generator<{ readonly offset: number; readonly pageNumber: number }> {
    for (let offset = WAL_HEADER_BYTES; ; offset += FRAME_BYTES) {
      const header = read(log, offset, FRAME_HEADER_BYTES);
      if (header === undefined) return;
      yield { offset: offset + FRAME_HEADER_BYTES, pageNumber: header.readUInt32BE(0) };
    }
  }

  const bytes = sizeOf(main) + sizeOf(log);
  let unread = bytes * MAX_REPEATS;

  function overflow(pageNumber: number): Buffer | undefined {
    unread -= PAGE_BYTES;
    if (unread < 0) return undefined;
    const offset = logged.get(pageNumber);
    return offset === undefined
      ? read(main, (pageNumber - 1) * PAGE_BYTES, PAGE_BYTES)
      : read(log, offset, PAGE_BYTES);
  }

  function* rowsInLog(): Generator<StoredRow> {
    for (const { offset } of frames()) {
      const page = read(log, offset, PAGE_BYTES);
      if (page !== undefined) yield* rowsOf(page, { overflow, maxBytes: bytes });
    }
  }

  function* rowsInMain(): Generator<StoredRow> {
    for (let offset = 0; ; offset += PAGE_BYTES) {
      const page = read(main, offset, PAGE_BYTES);
      if (page === undefined) return;
      yield* rowsOf(page, { overflow, maxBytes: bytes });
    }
  }

  return {
    rowsInLog,
    *rows() {
      yield* rowsInMain();
      yield* rowsInLog();
    },
    close() {
      for (const file of [main, log]) if (file !== undefined) closeSync(file);
    },
  };
}

function openIfPresent(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Part of a file, or undefined beyond its end. An unreadable sector is read as zeros. */
function read(file: number | undefined, offset: number, length: number): Buffer | undefined {
  if (file === undefined || offset < 0) return undefined;
  const buffer = Buffer.alloc(length);
  try {
    return readSync(file, buffer, 0, length, offset) === length ? buffer : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EIO') return buffer;
    throw error;
  }
}

function sizeOf(file: number | undefined): number {
  return file === undefined ? 0 : fstatSync(file).size;
}

interface Overflow {
  readonly overflow: (pageNumber: number) => Buffer | undefined;
  /** Longest row that is possible. */
  readonly maxBytes: number;
}

function* rowsOf(page: Buffer, rest: Overflow): Generator<StoredRow> {
  if (page[0] !== TABLE_LEAF) return;
  const cells = Math.min(page.readUInt16BE(3), (PAGE_BYTES - LEAF_HEADER_BYTES) / 2);
  for (let cell = 0; cell < cells; cell++) {
    const row = rowAt(page, page.readUInt16BE(LEAF_HEADER_BYTES + 2 * cell), rest);
    if (row !== undefined) yield row;
  }
}

function rowAt(page: Buffer, start: number, rest: Overflow): StoredRow | undefined {
  try {
    const size = varint(page, start);
    const rowid = varint(page, size.end);
    const payload = payloadAt(page, rowid.end, size.value, rest);
    return payload && { rowid: rowid.value, columns: decodeColumns(payload) };
  } catch (error) {
    // A damaged length points beyond the page.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function payloadAt(
  page: Buffer,
  start: number,
  size: number,
  { overflow, maxBytes }: Overflow,
): Buffer | undefined {
  if (size > maxBytes) return undefined;
  if (size <= MAX_LOCAL_BYTES) return page.subarray(start, start + size);
  const wanted = MIN_LOCAL_BYTES + ((size - MIN_LOCAL_BYTES) % OVERFLOW_BYTES);
  const local = wanted <= MAX_LOCAL_BYTES ? wanted : MIN_LOCAL_BYTES;
  const parts = [page.subarray(start, start + local)];
  let next = page.readUInt32BE(start + local);
  for (let missing = size - local; missing > 0; missing -= OVERFLOW_BYTES) {
    const further = overflow(next);
    if (further === undefined) return undefined;
    parts.push(further.subarray(4, 4 + Math.min(missing, OVERFLOW_BYTES)));
    next = further.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** A header of serial types, then the values. See section 2.1 of the file format. */
function decodeColumns(payload: Buffer): Column[] {
  const header = varint(payload, 0);
  const columns: Column[] = [];
  let at = header.value;
  for (let position = header.end; position < header.value; ) {
    if (columns.length === MAX_COLUMNS) throw new RangeError('The row has too many columns.');
    const type = varint(payload, position);
    position = type.end;
    const length = lengthOf(type.value);
    if (at + length > payload.length) throw new RangeError('The row ends before its columns do.');
    columns.push(decodeColumn(payload.subarray(at, at + length), type.value));
    at += length;
  }
  return columns;
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

function lengthOf(type: number): number {
  return INTEGER_BYTES[type] ?? Math.floor((type - 12) / 2);
}

function decodeColumn(bytes: Buffer, type: number): Column {
  if (type === 8 || type === 9) return type - 8;
  if (type >= 1 && type <= 5) return bytes.readIntBE(0, bytes.length);
  if (type === 6) return Number(bytes.readBigInt64BE());
  return type >= 13 && type % 2 === 1 ? bytes.toString('utf8') : null;
}

function varint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes.readUInt8(start + index);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return { value: value * 256 + bytes.readUInt8(start + 8), end: start + 9 };
}
