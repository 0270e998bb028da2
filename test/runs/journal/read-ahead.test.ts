import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Journal } from '../../../src/runs/journal/journal.ts';

const ROWS = 60;
/** Some of them exceed what is read at once. */
const answerOf = (row: number) => JSON.stringify(`${row} ${'bees '.repeat(row * 700)}`);

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-read-ahead-'));
  path = join(folder, 'journal.sqlite');
  const journal = new Journal(path);
  await Promise.all(Array.from({ length: ROWS }, (_, row) => journal.put(`${row}`, 'place', answerOf(row))));
  journal.close();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

function edit(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

test.each<[string, (row: number) => number]>([
  ['in the order of writing', (row) => row],
  ['backwards', (row) => -row],
  ['in turns', (row) => (row % 7) * ROWS + row],
])('every value is found %s, as often as it is asked for', (_order, place) => {
  const journal = new Journal(path);
  const rows = Array.from({ length: ROWS }, (_, row) => row).sort((a, b) => place(a) - place(b));
  for (const row of [...rows, ...rows]) expect(journal.get(`${row}`)).toBe(answerOf(row));
  expect(journal.get('absent')).toBeUndefined();
  journal.close();
});

test('values in the order of writing are read together', () => {
  const journal = new Journal(path);
  const lookUps = vi.spyOn(StatementSync.prototype, 'get');
  for (let row = 0; row < ROWS; row++) journal.get(`${row}`);
  expect(lookUps.mock.calls.length).toBeLessThan(ROWS / 3);
  journal.close();
});

test('a damaged row is missing, and those after it are not', () => {
  edit("UPDATE calls SET value = 'forged' WHERE key = '3'");
  const journal = new Journal(path);
  const found = [0, 1, 2, 3, 4, 5].map((row) => journal.get(`${row}`) === answerOf(row));
  expect(found).toEqual([true, true, true, false, true, true]);
  expect(journal.get('3')).toBeUndefined();
  journal.close();
});

test('a row that can be read is found though those after it cannot', () => {
  const journal = new Journal(path);
  const iterate = vi.spyOn(StatementSync.prototype, 'iterate').mockImplementation(() => {
    throw Object.assign(new Error('database disk image is malformed'), { errcode: 11 });
  });
  expect(journal.get('0')).toBe(answerOf(0));
  expect(journal.get('1')).toBe(answerOf(1));
  expect(iterate).toHaveBeenCalledOnce();
  journal.close();
});

test('what was read ahead holds no lock: the log can be emptied', async () => {
  const journal = new Journal(path);
  await journal.put('new', '', '1');
  expect(journal.get('0')).toBe(answerOf(0));
  const other = new DatabaseSync(path);
  expect(other.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 });
  other.close();
  journal.close();
});
