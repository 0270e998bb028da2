import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { sqliteCode } from '../../src/internal/sqlite-code.ts';

/** The error of a statement. */
function failure(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('no error');
}

test('the code of an error is found by its number, and by its words where there is only the text', () => {
  const dir = mkdtempSync(join(tmpdir(), 'aloe-sqlite-'));
  const path = join(dir, 'a.sqlite');
  const first = new DatabaseSync(path);
  first.exec('BEGIN EXCLUSIVE');
  writeFileSync(join(dir, 'text.sqlite'), 'words, words, words. '.repeat(100));
  const errors = [
    [5, failure(() => new DatabaseSync(path).exec('BEGIN EXCLUSIVE'))],
    [26, failure(() => new DatabaseSync(join(dir, 'text.sqlite')).prepare('SELECT * FROM calls'))],
    [1, failure(() => new DatabaseSync(':memory:').prepare('SELECT * FROM calls'))],
  ] as const;
  first.close();
  rmSync(dir, { recursive: true });
  for (const [code, error] of errors) {
    expect(sqliteCode(error)).toBe(code);
    expect(sqliteCode(new Error(error.message))).toBe(code);
  }
  expect(sqliteCode(new Error('something else'))).toBe(0);
});
