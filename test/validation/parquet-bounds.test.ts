import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidFileError } from '../../src/errors.ts';
import { validateDataset } from '../../src/validation/validate-dataset.ts';
import { levels, makeParquet, type ParquetClaims } from './make-parquet.ts';

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
    // Always the same files: some damage makes the decoder of delta encodings loop for ever.
    { numRuns: 300, seed: 1 },
  );
});
