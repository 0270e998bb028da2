import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Journal } from '../../../src/runs/journal/journal.ts';
import { INSERT_ROW, openDatabase } from '../../../src/runs/journal/journal-database.ts';
import { checksumOf } from '../../../src/runs/journal/journal-row.ts';
import { ReadAhead } from '../../../src/runs/journal/read-ahead.ts';

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

test('values are read together by a replay that is in many places at once', async () => {
  const [conversations, calls] = [40, 25];
  const many = join(folder, 'many.sqlite');
  const keyOf = (conversation: number, call: number) => `${conversation}:${call}`;
  const longAnswerTo = (key: string) => JSON.stringify(`${key} ${'bees '.repeat(400)}`);
  const written = new Journal(many);
  for (let call = 0; call < calls; call++) {
    const keys = Array.from({ length: conversations }, (_, conversation) => keyOf(conversation, call));
    await Promise.all(keys.map((key) => written.put(key, '', longAnswerTo(key))));
  }
  written.close();
  const journal = new Journal(many);
  const lookUps = vi.spyOn(StatementSync.prototype, 'get');
  // The first conversation is over before the last one starts.
  for (let time = 0; time < conversations + calls; time++) {
    for (let call = 0; call < calls; call++) {
      const conversation = time - call;
      if (conversation < 0 || conversation >= conversations) continue;
      const key = keyOf(conversation, call);
      expect(journal.get(key)).toBe(longAnswerTo(key));
    }
  }
  expect(lookUps.mock.calls.length).toBeLessThan(10);
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

describe('what is read ahead', () => {
  const LONG = 'bees '.repeat(20_000);

  /** A journal of long answers, 100,000 characters each, with the keys 1, 2, 3 ... */
  function longRows(rows: number, lastRow = rows): ReadAhead {
    const database = openDatabase(':memory:');
    const insert = database.prepare(INSERT_ROW);
    const costs = { model: null, input_tokens: 0, cached_input_tokens: 0, output_tokens: 0 };
    for (let row = 1; row <= rows; row++) {
      const checksum = checksumOf({ key: `${row}`, place: '', value: LONG, ...costs });
      insert.run(`${row}`, '', LONG, null, 0, 0, 0, checksum, '');
    }
    return new ReadAhead(database, lastRow);
  }
  /** The keys that are held, which takes them. */
  const takeAll = (ahead: ReadAhead, rows: number) =>
    Array.from({ length: rows }, (_, row) => row + 1).filter((row) => ahead.take(`${row}`) === LONG);

  test('is about half a million characters after a row, and is handed out once', () => {
    const ahead = longRows(20);
    expect(takeAll(ahead, 20)).toEqual([]);
    ahead.follow(1);
    expect(takeAll(ahead, 20)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(takeAll(ahead, 20)).toEqual([]);
    ahead.follow(8);
    expect(takeAll(ahead, 20)).toEqual([9, 10, 11, 12, 13, 14]);
    ahead.follow(3);
    expect(takeAll(ahead, 20)).toEqual([]);
  });

  test('ends where this process began to write, and its own rows do not disturb it', () => {
    const ahead = longRows(20, 4);
    ahead.follow(9);
    ahead.follow(4);
    ahead.follow(1);
    expect(takeAll(ahead, 20)).toEqual([1, 2, 3]);
  });

  test('is let go of if millions of characters are never asked for', () => {
    const ahead = longRows(210);
    for (let row = 1; row < 200; row += 7) ahead.follow(row);
    // Of 29 times six, 16 million characters are left: the newest.
    const held = takeAll(ahead, 210);
    expect(held).toHaveLength(167);
    expect(held.slice(0, 3)).toEqual([10, 11, 12]);
    expect(held.at(-1)).toBe(203);
  });

  test('is not let go of while it is asked for', () => {
    const ahead = longRows(120);
    const found: number[] = [];
    for (let row = 1; row < 113; row += 7) {
      ahead.follow(row);
      for (let next = row + 1; next < row + 6; next++) if (ahead.take(`${next}`) === LONG) found.push(next);
    }
    // One of each six is left there.
    expect(found).toHaveLength(80);
    expect(takeAll(ahead, 120)).toHaveLength(16);
  });
});
