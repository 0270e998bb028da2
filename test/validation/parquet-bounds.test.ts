import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ByteWriter, type ColumnSource, parquetWrite, parquetWriteBuffer } from 'hyparquet-writer';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidFileError } from '../../src/errors.ts';
import { readParquet } from '../../src/validation/parquet/read-parquet.ts';
import { unpackSnappy } from '../../src/validation/parquet/snappy.ts';
import { validateDataset } from '../../src/validation/validate-dataset.ts';
import { levels, makeParquet, type ParquetClaims, varint, withFooter } from './make-parquet.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-bomb-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function check(content: Uint8Array) {
  const path = join(dir, 'rows.parquet');
  await writeFile(path, content);
  return validateDataset(path, 'trl-sft');
}

const page = Buffer.from('\x04\0\0\0Tea?');
const MIB = 2 ** 20;

test('a file that states the truth is read', async () => {
  expect(await check(makeParquet({ page, values: 1 }))).toMatchObject({ rows: 1 });
  const nulls = makeParquet({ page: levels(1_000, 0), values: 1_000, optional: true });
  expect(await check(nulls)).toMatchObject({ rows: 1_000 });
});

describe('a small Parquet file that stands for a large one is refused before it is unpacked:', () => {
  test.each<[string, ParquetClaims, RegExp]>([
    [
      'a page that inflates to more than its header states',
      { codec: 'GZIP', page: gzipSync(Buffer.alloc(64 * MIB)), uncompressedBytes: 8, values: 1 },
      /larger than 8 bytes/,
    ],
    [
      'a page whose header states gigabytes',
      { codec: 'GZIP', page: gzipSync(page), uncompressedBytes: 2 ** 31 - 1, values: 1 },
      /needs more than 1024 MiB; write smaller row groups/,
    ],
    [
      'a single page of hundreds of megabytes',
      { codec: 'GZIP', page: gzipSync(page), uncompressedBytes: 300 * MIB, values: 1 },
      /a page unpacks to more than 256 MiB/,
    ],
    [
      'a Snappy page whose header states gigabytes',
      { codec: 'SNAPPY', page: Buffer.of(8, 28), uncompressedBytes: 2 ** 31 - 1, values: 1 },
      /needs more than 1024 MiB/,
    ],
    [
      'a billion nulls in six bytes',
      { page: levels(2 ** 30, 0), values: 2 ** 30, optional: true },
      /needs more than 1024 MiB/,
    ],
    [
      'a footer with more rows than the pages',
      { page, values: 1, rows: 1e9 },
      /1000000000 rows has a column of 1/,
    ],
    ['rows without columns', { page, values: 1, rows: 1e9, columns: 0 }, /has no columns/],
    ['row groups that share one page', { page, values: 1, groups: 10_000 }, /share bytes of the file/],
    ['a column that is there twice', { page, values: 1, columns: 2 }, /a column twice/],
    ['a page of negative size', { page, values: 1, compressedBytes: -40 }, /missing or negative size/],
    ['a negative number of values', { page, values: -1, rows: 1 }, /missing or negative size/],
    [
      'a negative size after unpacking',
      { page, values: 1, uncompressedBytes: -8 },
      /missing or negative size/,
    ],
  ])('%s', async (_what, claims, problem) => {
    const checking = check(makeParquet(claims));
    await expect(checking).rejects.toThrow(InvalidFileError);
    await expect(checking).rejects.toThrow(problem);
  });
});

/** Places in Parquet's lists. */
const [INT32, INT64] = [1, 2];
const [DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY, RLE_DICTIONARY] = [5, 7, 8];
const DECIMAL = 5;

/** Numbers as a delta encoding has them. */
const numbers = (...values: bigint[]) => Buffer.concat(values.map(varint));
/** A number of 64 bits, or of -1 as 32 bits. */
const MINUS_ONE = 2n ** 32n - 1n;
/** A number without an end. hyparquet takes quadratic time for it. */
const LONG = Buffer.alloc(400_000, 0xff);

const deltas = (content: Buffer, type = INT32) => ({
  page: content,
  values: 1_000,
  encoding: DELTA_BINARY_PACKED,
  type,
  convertedType: 18,
});

describe('a Parquet file that would keep a CPU busy without end is refused:', () => {
  test.each<[string, Buffer, RegExp]>([
    [
      'a footer with a long number',
      withFooter(page, Buffer.concat([Buffer.of(0x16), LONG])),
      /longer than 64 bits/,
    ],
    [
      'a footer with a list of billions',
      withFooter(page, Buffer.concat([Buffer.of(0x19, 0xfc), varint(2n ** 31n - 1n), Buffer.of(0)])),
      /length of 2147483647 is beyond the end/,
    ],
    [
      'a footer with a text longer than the file',
      withFooter(page, Buffer.concat([Buffer.of(0x18), varint(2n ** 40n), Buffer.of(0)])),
      /length of 1099511627776 is beyond the end/,
    ],
    ['a footer of nested structs', withFooter(page, Buffer.alloc(400_000, 0x1c)), /more than 32 levels/],
    [
      'a footer of millions of empty structs',
      withFooter(page, Buffer.concat([Buffer.of(0x19, 0xfc), varint(2n ** 23n), Buffer.alloc(2 ** 23 + 1)])),
      /more than 4194304 values/,
    ],
    [
      'a long decimal number in the statistics',
      makeParquet({ page, values: 1, type: 7, convertedType: DECIMAL, least: LONG }),
      /statistics have a number of 400000 bytes/,
    ],
    [
      'a column of decimal numbers of any length',
      makeParquet({ page, values: 1, convertedType: DECIMAL }),
      /numbers of any length/,
    ],
    ['a page header with a long number', withLongPageHeader(), /longer than 64 bits/],
    [
      'a negative number of parts of a block',
      makeParquet(deltas(numbers(128n, MINUS_ONE, 1_000n, 0n, 0n))),
      /blocks of 128 values in -1 parts/,
    ],
    [
      'a negative size of a block',
      makeParquet(deltas(numbers(MINUS_ONE, 1n, 1_000n, 0n, 0n))),
      /blocks of -1 values in 1 parts/,
    ],
    [
      'a long number in a page',
      makeParquet(deltas(Buffer.concat([numbers(128n, 4n, 1_000n), LONG]), INT64)),
      /longer than 64 bits/,
    ],
    [
      'texts that each begin with the one before',
      makeParquet({ page, values: 1, encoding: DELTA_BYTE_ARRAY }),
      /DELTA_BYTE_ARRAY is not supported/,
    ],
    [
      'a run of more values than its page',
      makeParquet({
        page: Buffer.concat([Buffer.of(1), varint(2n ** 31n), Buffer.of(0)]),
        values: 1,
        encoding: RLE_DICTIONARY,
      }),
      /a page of 1 values has a run of 1073741824/,
    ],
    [
      'packed values of no bits',
      makeParquet({
        page: Buffer.concat([Buffer.of(0), varint(2n ** 31n + 1n)]),
        values: 1,
        encoding: RLE_DICTIONARY,
      }),
      /a page of 1 values has a run of/,
    ],
    [
      'a run of more levels than its page',
      makeParquet({ page: levels(2 ** 30, 0), values: 1, optional: true }),
      /has a run of 1073741824/,
    ],
    [
      'a Snappy text of negative length',
      makeParquet({
        codec: 'SNAPPY',
        page: Buffer.of(8, 0xfc, 0xfa, 0xff, 0xff, 0xff),
        uncompressedBytes: 8,
        values: 1,
      }),
      /Snappy data is damaged/,
    ],
  ])('%s', async (_what, content, problem) => {
    const checking = check(content);
    await expect(checking).rejects.toThrow(InvalidFileError);
    await expect(checking).rejects.toThrow(problem);
  });

  test('rows that repeat one long text more often than the file could hold it', async () => {
    const text = 'tea '.repeat(MIB);
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'prompt', data: Array(200).fill(text), type: 'STRING', encoding: 'RLE_DICTIONARY' },
      ],
    });
    const path = join(dir, 'repeated.parquet');
    await writeFile(path, Buffer.from(file));
    const reading = Array.fromAsync(readParquet(path, 10, undefined));
    await expect(reading).rejects.toThrow('the rows are more than 1000 times larger than the file');
  });
});

type Column = Omit<ColumnSource, 'name'>;

/** A column of each encoding. */
function columnsOf(rows: number): [string, Column][] {
  const texts = Array.from({ length: rows }, (_, index) => `Tea ${index % 7} ${'?'.repeat(index % 5)}`);
  const whole = texts.map((_, index) => index * 3 - 50);
  const long = whole.map((value) => BigInt(value) ** 3n);
  const gaps = texts.map((text, index) => (index % 3 === 0 ? null : text));
  return [
    ['plain texts', { data: texts, type: 'STRING', encoding: 'PLAIN' }],
    ['texts of a dictionary', { data: texts, type: 'STRING', encoding: 'RLE_DICTIONARY' }],
    ['texts and nulls', { data: gaps, type: 'STRING', encoding: 'RLE_DICTIONARY' }],
    ['texts with their lengths apart', { data: texts, type: 'STRING', encoding: 'DELTA_LENGTH_BYTE_ARRAY' }],
    ['32-bit differences', { data: whole, type: 'INT32', encoding: 'DELTA_BINARY_PACKED' }],
    ['64-bit differences', { data: long, type: 'INT64', encoding: 'DELTA_BINARY_PACKED' }],
    [
      '64-bit differences and nulls',
      {
        data: long.map((value, index) => (index % 5 ? value : null)),
        type: 'INT64',
        encoding: 'DELTA_BINARY_PACKED',
      },
    ],
    [
      'runs of true and false',
      { data: whole.map((value) => value % 40 < 30), type: 'BOOLEAN', encoding: 'RLE' },
    ],
    [
      'numbers spread byte by byte',
      { data: whole.map((value) => value / 7), type: 'DOUBLE', encoding: 'BYTE_STREAM_SPLIT' },
    ],
    ['lists', { data: texts.map((text, index) => ({ content: Array(index % 4).fill(text) })), type: 'JSON' }],
  ];
}

function written(column: Column): Buffer {
  return Buffer.from(parquetWriteBuffer({ columnData: [{ ...column, name: 'prompt' }] }));
}

test.each(columnsOf(3_000))('an honest Parquet file of %s is read', async (_what, column) => {
  const path = join(dir, 'honest.parquet');
  await writeFile(path, written(column));
  const rows = await Array.fromAsync(readParquet(path, 10, undefined));
  expect(rows.map(({ prompt }) => prompt ?? null)).toEqual(column.data);
});

test.each(columnsOf(100))(
  'a Parquet file of %s with damage anywhere ends, and is read or refused',
  async (_what, column) => {
    const honest = written(column);
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(honest.length - 9), byte, fc.integer({ min: 1, max: 6 })), {
          minLength: 1,
          maxLength: 4,
        }),
        async (changes) => {
          const damaged = Buffer.from(honest);
          for (const [start, value, length] of changes)
            damaged.fill(value, start, Math.min(start + length, honest.length - 8));
          honest.copy(damaged, 0, 0, 4);
          const outcome = await check(damaged).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(InvalidFileError);
        },
      ),
      { numRuns: 40 },
    );
  },
);

test('Snappy unpacks to what was packed, and damage is refused or unpacks to the same length', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('tea ', 'coffee and tea ', '?', 'x'.repeat(70), '\u{1F33F}'), {
        maxLength: 400,
      }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      (words, changes) => {
        const content = Buffer.from(words.join(''));
        const packed = snappyCompress(content);
        expect(Buffer.from(unpackSnappy(packed, content.length)).equals(content)).toBe(true);
        for (const [position, byte] of changes) packed[position % packed.length] = byte;
        try {
          expect(unpackSnappy(packed, content.length)).toHaveLength(content.length);
        } catch (error) {
          expect((error as Error).message).toContain('Snappy');
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** The header of the page, at byte 4, is no more than a long number. */
function withLongPageHeader(): Buffer {
  const file = makeParquet({ page: LONG, values: 1 });
  LONG.copy(file, 5, 0, 1_000);
  return file;
}

test('damage at any byte gives a report or an InvalidFileError, never another error', async () => {
  const writer = new ByteWriter();
  await parquetWrite({
    writer,
    codec: 'GZIP',
    compressors: { GZIP: (input) => gzipSync(input) },
    columnData: ['prompt', 'completion'].map((name) => ({
      name,
      data: Array.from({ length: 20 }, (_, index) => `${name} ${index % 3}`),
      type: 'STRING' as const,
    })),
  });
  const honest = Buffer.from(writer.getBytes());
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(honest.length - 9), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const damaged = Buffer.from(honest);
        for (const [position, byte] of changes) damaged[position] = byte;
        // Without its magic bytes it is no Parquet file.
        honest.copy(damaged, 0, 0, 4);
        const outcome = await check(damaged).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(InvalidFileError);
      },
    ),
    { numRuns: 300 },
  );
});
