import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { InvalidFileError } from '../../errors.ts';
import { INSERT_ROW, openDatabase } from './journal-database.ts';
import { isIntact } from './journal-row.ts';
import type { JournalPages, StoredRow } from './salvage/journal-pages.ts';

/** The outcome of recovering a damaged journal. */
export interface JournalRecovery {
  /** Calls in the new journal. */
  readonly kept: number;
  /** Calls known to be lost, which are sent again when they are needed. null if the number cannot be determined. */
  readonly lost: number | null;
  /** Path to which the damaged file was moved. */
  readonly keptAs: string;
}

/** SQLite reads a log up to its first damaged frame. Intact rows after that were paid for as well. */
export function addMissing(database: DatabaseSync, pages: JournalPages): void {
  const known = database.prepare('SELECT 1 FROM calls WHERE key = ?');
  const missing = new Map<string, StoredRow>();
  for (const row of pages.rowsInLog()) {
    const key = String(row.columns[0]);
    if (isIntact(row) && known.get(key) === undefined) missing.set(key, row);
  }
  if (missing.size > 0) insertRows(database, missing.values());
}

function insertRows(database: DatabaseSync, rows: Iterable<StoredRow>): void {
  const insert = database.prepare(INSERT_ROW);
  database.exec('BEGIN IMMEDIATE');
  for (const { columns } of rows) insert.run(...columns);
  database.exec('COMMIT');
}

/**
 * Replaces a damaged journal with a new one that contains every intact row, and keeps the damaged file beside it. If
 * the process is killed on the way, either the damaged journal is still in place, or the new one is complete and the
 * next process that opens the run puts it in place.
 *
 * @param foreign Whether the file is not an SQLite file at all.
 * @throws InvalidFileError if `foreign` and the file contains no row of a journal.
 */
export function replaceJournal(path: string, pages: JournalPages, foreign: boolean): JournalRecovery {
  const replacement = replacementOf(path);
  removeDatabase(replacement);
  const database = openDatabase(replacement);
  let kept = 0;
  let lastRow = 0;
  function* intactRows(): Generator<StoredRow> {
    for (const row of pages.rows()) {
      if (!isIntact(row)) continue;
      lastRow = Math.max(lastRow, row.rowid);
      yield row;
    }
  }
  try {
    insertRows(database, intactRows());
    kept = Number(database.prepare('SELECT COUNT(*) AS kept FROM calls').get()?.kept);
  } finally {
    database.close();
  }
  if (foreign && kept === 0) {
    removeDatabase(replacement);
    throw new InvalidFileError(path, 'is not a journal.', {
      hint: 'Restore the file, or use another run directory.',
    });
  }
  const keptAs = damagedName(path, firstFree(path));
  renameSync(path, keptAs);
  finishReplacing(path);
  // Rows are numbered from 1, and a gap is left only where a damaged row was replaced. A row number may itself be
  // damaged, so an implausible result counts as unknown.
  const lost = lastRow - kept;
  return { kept, lost: lost >= 0 && lost <= MAX_PLAUSIBLE_LOSS ? lost : null, keptAs };
}

const MAX_PLAUSIBLE_LOSS = 100_000_000;

/** Finishes a replacement. Its new journal is complete once the damaged one has been moved away. */
export function finishReplacing(path: string): void {
  const replacement = replacementOf(path);
  if (existsSync(path) || !existsSync(replacement)) return;
  // The log belongs to the damaged file; SQLite would apply it to the new one.
  if (existsSync(`${path}-wal`)) {
    renameSync(`${path}-wal`, `${damagedName(path, firstFree(path) - 1)}-wal`);
  }
  rmSync(`${path}-shm`, { force: true });
  renameSync(replacement, path);
}

const replacementOf = (path: string) => `${path}.replacement`;
const damagedName = (path: string, number: number) => path.replace(/(\.sqlite)?$/, `.damaged-${number}$1`);

function firstFree(path: string): number {
  let number = 1;
  while (existsSync(damagedName(path, number))) number += 1;
  return number;
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}
