import type { DatabaseSync } from 'node:sqlite';
import { InvalidFileError, RunConflictError, RunStorageError } from '../../errors.ts';
import { messageOf } from '../../internal/message-of.ts';
import { checkTables, isDamage, isMissingTable, isNotADatabase, openDatabase } from './journal-database.ts';
import { addMissing, finishReplacing, type JournalRecovery, replaceJournal } from './replace-journal.ts';
import { openPages } from './salvage/journal-pages.ts';

/**
 * Opens a journal, or creates it. Rows that the last process left in the log are recovered, including those after the
 * point where SQLite stops reading. A damaged file is replaced by one with all intact rows.
 *
 * @param onRecovered Called if a damaged file was replaced.
 * @throws InvalidFileError if the file is not a journal, or has triggers or views that a journal does not have.
 * @throws RunConflictError if it was written by a newer version.
 * @throws RunStorageError if it cannot be opened or written.
 */
export function openJournalFile(
  path: string,
  onRecovered: (recovery: JournalRecovery) => void,
): DatabaseSync {
  try {
    finishReplacing(path);
    const pages = openPages(path);
    try {
      const database = openDatabase(path);
      try {
        addMissing(database, pages);
        checkTables(database);
        return database;
      } catch (cause) {
        database.close();
        throw cause;
      }
    } catch (cause) {
      if (!isDamage(cause) && !isMissingTable(cause)) throw cause;
      onRecovered(replaceJournal(path, pages, isNotADatabase(cause)));
      return openDatabase(path);
    } finally {
      pages.close();
    }
  } catch (cause) {
    throw toOpenError(path, cause);
  }
}

/** The error for a journal that cannot be opened. */
export function toOpenError(path: string, cause: unknown): Error {
  if (cause instanceof RunConflictError || cause instanceof InvalidFileError) return cause;
  return new RunStorageError(`The journal ${path} cannot be opened (${messageOf(cause)}).`, {
    hint: 'Check that the directory exists and is writable, or use another run directory.',
    cause,
  });
}
