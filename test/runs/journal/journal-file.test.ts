import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidFileError, RunConflictError, RunStorageError } from '../../../src/errors.ts';
import { Journal } from '../../../src/runs/journal/journal.ts';
import { openJournalFile } from '../../../src/runs/journal/journal-file.ts';
import { openFiles } from './open-files.ts';

const ROWS = 40;
const PAGE = 4_096;
const keyOf = (row: number) => `key-${String(row).padStart(60, '0')}`;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-journal-file-'));
  path = join(folder, 'journal.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

/** A journal with its rows in separate commits; `meanwhile` while it is open, with all of them in its log. */
async function write(meanwhile = async () => {}): Promise<void> {
  const journal = new Journal(path);
  for (let row = 0; row < ROWS; row++) await journal.put(keyOf(row), 'place', '"bees"');
  await meanwhile();
  journal.close();
}

/** Opens it, and says which rows are there and what was recovered. */
async function reopen() {
  const onRecovered = vi.fn();
  const database: DatabaseSync = openJournalFile(path, onRecovered);
  const rows = database.prepare('SELECT key FROM calls ORDER BY key').all();
  const found = Array.from({ length: ROWS }, (_, row) => row).filter(
    (row) => database.prepare('SELECT 1 FROM calls WHERE key = ?').get(keyOf(row)) !== undefined,
  );
  database.close();
  // Neither a file that was damaged nor the reader of its pages is held on to.
  expect(await openFiles(folder)).toEqual([]);
  return { rows: rows.length, found: found.length, onRecovered };
}

describe('opening a journal', () => {
  test('finds its rows, and recovers nothing', async () => {
    await write();
    const { rows, onRecovered } = await reopen();
    expect(rows).toBe(ROWS);
    expect(onRecovered).not.toHaveBeenCalled();
  });

  test('in memory reads no file', () => {
    const database = openJournalFile(':memory:', () => {});
    expect(database.prepare('SELECT COUNT(*) AS rows FROM calls').get()).toMatchObject({ rows: 0 });
    database.close();
  });

  test('finds rows behind a damaged part of the log, where SQLite stops reading', async () => {
    await write(async () => {
      for (const suffix of ['', '-wal']) await copyFile(`${path}${suffix}`, join(folder, `killed${suffix}`));
    });
    for (const suffix of ['', '-wal']) await rename(join(folder, `killed${suffix}`), `${path}${suffix}`);
    const log = await readFile(`${path}-wal`);
    const middle = Math.floor(log.length / 2);
    log[middle] = log[middle]! ^ 0xff;
    await writeFile(`${path}-wal`, log);
    const { rows, onRecovered } = await reopen();
    expect(rows).toBe(ROWS);
    expect(onRecovered).not.toHaveBeenCalled();
  });

  test('mends an index that no longer finds a row', async () => {
    await write();
    const content = await readFile(path);
    // A leaf of the index by key begins with 0x0a; the rows themselves are elsewhere.
    for (let page = 0; page < content.length; page += PAGE) {
      if (content[page] !== 0x0a) continue;
      const at = content.indexOf(keyOf(7), page);
      if (at >= page && at < page + PAGE) content.write('kex-', at);
    }
    await writeFile(path, content);
    const { rows, found, onRecovered } = await reopen();
    expect(onRecovered).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ kept: ROWS, lost: 0 }));
    expect([rows, found]).toEqual([ROWS, ROWS]);
  });

  test('puts the new file in place if the last process died when the damaged one had just left', async () => {
    await write();
    await rename(path, `${path}.replacement`);
    expect((await reopen()).rows).toBe(ROWS);
  });

  test.each([
    ['with a view that is not its own', 'CREATE VIEW foreign_view AS SELECT 1', InvalidFileError],
    ['of a newer version', 'PRAGMA user_version = 9999', RunConflictError],
  ])('%s is refused for what it is, and replaced by nothing', async (_what, sql, error) => {
    await write();
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    const onRecovered = vi.fn();
    expect(() => openJournalFile(path, onRecovered)).toThrow(error);
    expect(onRecovered).not.toHaveBeenCalled();
  });

  test('says which file cannot be opened, why, and what to do', () => {
    const absent = join(folder, 'absent', 'journal.sqlite');
    const open = () => openJournalFile(absent, () => {});
    expect(open).toThrow(RunStorageError);
    expect(open).toThrow(
      `The journal ${absent} cannot be opened (unable to open database file). Check that the directory exists and is writable, or use another run directory.`,
    );
    try {
      open();
    } catch (error) {
      expect((error as Error).cause).toMatchObject({ message: 'unable to open database file' });
    }
  });
});
