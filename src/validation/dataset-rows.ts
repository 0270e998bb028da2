import { open } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { InvalidFileError } from '../errors.ts';
import { readByteLines } from '../internal/byte-lines.ts';
import { type Findings, quote } from './findings.ts';
import { isTooDeep, MAX_DEPTH } from './nesting.ts';
import { parseLine } from './parse-line.ts';

export interface DatasetRow {
  /** Line of a JSON Lines file, row of a Parquet file; from 1. */
  readonly line: number;
  readonly row: Readonly<Record<string, unknown>>;
}

export interface DatasetRowsOptions {
  readonly findings: Findings;
  readonly signal?: AbortSignal | undefined;
}

/** Nobody trains on a longer row. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

const TOO_DEEP = `Objects and lists are nested more than ${MAX_DEPTH} levels deep.`;

/** The rows of a file, one at a time, with what is wrong with those that cannot be read. */
export function readDatasetRows(
  path: string,
  parquet: boolean,
  options: DatasetRowsOptions,
): AsyncGenerator<DatasetRow> {
  return parquet ? parquetRows(path, options) : jsonRows(path, options);
}

/** @throws InvalidFileError when the file cannot be read. */
export async function isParquet(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer } = await file.read({ buffer: Buffer.alloc(4), position: 0 });
      return buffer.toString('latin1') === 'PAR1';
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new InvalidFileError(path, `cannot be read (${(cause as Error).message}).`, { cause });
  }
}

async function* jsonRows(path: string, { findings, signal }: DatasetRowsOptions): AsyncGenerator<DatasetRow> {
  let first = true;
  for await (const { lineNumber, bytes } of readByteLines(path, { maxBytes: MAX_LINE_BYTES, signal })) {
    if (bytes === null) {
      findings.add('line-too-long', lineNumber, `The line has more than ${MAX_LINE_BYTES} bytes.`);
      continue;
    }
    if (lineNumber === 1 && /^(\xff\xfe|\xfe\xff)/.test(bytes.subarray(0, 2).toString('latin1'))) {
      findings.add('not-utf8', 1, 'The file is UTF-16.');
      return;
    }
    if (first && /^(\xef\xbb\xbf)?\s*\[/.test(bytes.subarray(0, 100).toString('latin1'))) {
      findings.add('json-array', lineNumber, 'The file is one JSON list.');
      return;
    }
    const value = parseLine(bytes, lineNumber, findings);
    if (value === undefined) continue;
    first = false;
    if (isTooDeep(value)) findings.add('too-deep', lineNumber, TOO_DEEP);
    else if (isObject(value)) yield { line: lineNumber, row: value };
    else findings.add('not-an-object', lineNumber, `The row is ${quote(value)}.`);
  }
}

/** What Node brings itself; Snappy is built into hyparquet. */
const compressors: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ZSTD: (input) => zstdDecompressSync(input),
};

async function* parquetRows(
  path: string,
  { findings, signal }: DatasetRowsOptions,
): AsyncGenerator<DatasetRow> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  let line = 0;
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    for (const group of metadata.row_groups) {
      signal?.throwIfAborted();
      const rowEnd = line + Number(group.num_rows);
      const rows = await parquetReadObjects({ file, metadata, compressors, rowStart: line, rowEnd });
      for (const row of rows) {
        line += 1;
        // A column may hold JSON, which hyparquet parses.
        if (isTooDeep(row)) findings.add('too-deep', line, TOO_DEEP);
        else yield { line, row: plainValue(row) };
      }
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof InvalidFileError) throw cause;
    throw new InvalidFileError(path, `cannot be read as Parquet (${(cause as Error).message}).`, { cause });
  }
}

/** The value as JSON Lines would hold it: hyparquet has whole numbers of 64 bits as bigint, and null as undefined. */
function plainValue<Value>(value: Value): Value;
function plainValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map((item: unknown) => plainValue(item));
  // Dates and bytes stay what they are, since a text was expected.
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainValue(member)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
