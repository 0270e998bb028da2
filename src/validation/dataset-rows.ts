import { open } from 'node:fs/promises';
import { InvalidFileError } from '../errors.ts';
import { readByteLines } from '../internal/byte-lines.ts';
import { messageOf } from '../internal/message-of.ts';
import { unreadable } from '../internal/unreadable.ts';
import { type Findings, quote } from './findings.ts';
import { parseLine } from './parse-line.ts';

export interface DatasetRow {
  /** From 1: the line of a JSON Lines file, the row of a Parquet file. */
  readonly line: number;
  readonly row: Readonly<Record<string, unknown>>;
}

export interface DatasetRowsOptions {
  readonly findings: Findings;
  readonly signal?: AbortSignal | undefined;
}

/** No trainer uses longer rows. The limit keeps a file without line breaks from filling memory. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Training data is not nested this deep, and recursive functions such as JSON.stringify can still handle it. */
const MAX_DEPTH = 1000;

const TOO_DEEP = `Objects and lists are nested more than ${MAX_DEPTH} levels deep.`;

/** Reads the rows of a file one at a time. Rows that cannot be read become findings. */
export function readDatasetRows(
  path: string,
  parquet: boolean,
  options: DatasetRowsOptions,
): AsyncGenerator<DatasetRow> {
  return parquet ? parquetRows(path, options) : jsonRows(path, options);
}

/** Whether the content is Parquet. @throws InvalidFileError if the file cannot be read. */
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
    throw unreadable(path, cause);
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
      findings.add('json-array', lineNumber, 'The whole file is a single JSON array.');
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

async function* parquetRows(
  path: string,
  { findings, signal }: DatasetRowsOptions,
): AsyncGenerator<DatasetRow> {
  const { readParquet } = await import('./parquet/read-parquet.ts');
  let line = 0;
  try {
    for await (const row of readParquet(path, MAX_DEPTH, signal)) {
      line += 1;
      // Hyparquet parses JSON columns, which can be nested to any depth.
      if (isTooDeep(row)) findings.add('too-deep', line, TOO_DEEP);
      else yield { line, row: plainValue(row) };
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof InvalidFileError) throw cause;
    throw new InvalidFileError(path, `cannot be read as Parquet (${messageOf(cause)}).`, { cause });
  }
}

function isTooDeep(value: unknown, left: number = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (left === 0) return true;
  return Object.values(value).some((member) => isTooDeep(member, left - 1));
}

/** Converts a value to what JSON Lines would hold: hyparquet returns 64-bit integers as bigint, and null as undefined. */
function plainValue<Value>(value: Value): Value;
function plainValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map((item: unknown) => plainValue(item));
  // Dates and bytes are kept: where a string is expected, they are reported as the wrong type.
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainValue(member)]));
}

/** Whether a value is an object with members, and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
