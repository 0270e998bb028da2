import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openPages, PAGE_BYTES } from '../../../src/runs/journal/salvage/journal-pages.ts';

const fs = vi.hoisted(() => ({ reads: 0 }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return {
    ...real,
    readSync: (...args: Parameters<typeof real.readSync>) => {
      fs.reads += 1;
      return real.readSync(...args);
    },
  };
});

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-pages-'));
  fs.reads = 0;
});
afterEach(() => rm(dir, { recursive: true }));

/** SQLite's variable-length integer, in 9 bytes. */
function varint(value: number): Buffer {
  const bytes = Array.from(
    { length: 8 },
    (_, index) => (Math.floor(value / 2 ** (8 + 7 * (7 - index))) & 0x7f) | 0x80,
  );
  return Buffer.from([...bytes, value & 0xff]);
}

/** A table leaf whose cells all are one row of this size, which goes on in overflow page `next`. */
function leaf(size: number, next: number, cells: number): Buffer {
  const page = Buffer.alloc(PAGE_BYTES);
  page[0] = 0x0d;
  page.writeUInt16BE(cells, 3);
  const start = 8 + 2 * cells;
  for (let cell = 0; cell < cells; cell++) page.writeUInt16BE(start, 8 + 2 * cell);
  Buffer.concat([varint(size), varint(1)]).copy(page, start);
  // The number of the overflow page comes after the local part, whose length depends on the size.
  for (let at = start + 18; at + 4 <= PAGE_BYTES; at += 4) page.writeUInt32BE(next, at);
  return page;
}

async function rowsOf(...pages: readonly Buffer[]): Promise<number> {
  const path = join(dir, 'journal.sqlite');
  await writeFile(path, Buffer.concat(pages));
  const opened = openPages(path);
  try {
    return [...opened.rows()].length;
  } finally {
    opened.close();
  }
}

/** An overflow page that goes on in itself. */
const loop = (number: number) => {
  const page = Buffer.alloc(PAGE_BYTES);
  page.writeUInt32BE(number, 0);
  return page;
};

test('a row that is longer than the file is not looked for', async () => {
  await rowsOf(leaf(2 ** 30, 2, 1), loop(2));
  expect(fs.reads).toBeLessThan(10);
});

test('rows that share overflow pages are read up to a limit that grows with the file', async () => {
  const pages = Array.from({ length: 50 }, () => leaf(50 * PAGE_BYTES, 51, 1_000));
  await rowsOf(...pages, loop(51));
  // 50,000 rows of 50 pages would be 2.5 million.
  expect(fs.reads).toBeLessThan(51 * 102);
});

test('a row of a million columns is not one of a journal', async () => {
  const page = Buffer.alloc(PAGE_BYTES);
  page[0] = 0x0d;
  page.writeUInt16BE(1, 3);
  page.writeUInt16BE(10, 8);
  // The header of the row says that it is 3,000 bytes long: as many columns that are NULL.
  Buffer.concat([varint(3_000), varint(1), varint(3_000)]).copy(page, 10);
  expect(await rowsOf(page)).toBe(0);
});
