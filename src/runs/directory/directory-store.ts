import { join } from 'node:path';
import { Journal } from '../journal/journal.ts';
import type { JournalRecovery } from '../journal/replace-journal.ts';
import type { RunStore } from '../run-store.ts';
import { type RunHeader, saveHeader, settleHeader } from './run-file.ts';
import { lockRun } from './run-lock.ts';

/** Options of {@link openDirectoryStore}. */
export interface DirectoryStoreOptions {
  /** The seed asked for. Default: that of the directory, or 0 if it is new. */
  readonly seed?: number | undefined;
  /** Called when a damaged journal was replaced by one with all intact rows. */
  readonly onRecovered?: ((recovery: JournalRecovery) => void) | undefined;
}

/**
 * Opens a run directory for this process alone, and creates it if it does not exist.
 *
 * @throws RunConflictError if it is open elsewhere, has another seed, or was written by another version.
 * @throws InvalidFileError if `run.json` is damaged, or `journal.sqlite` is not a journal, or is gone after models have answered.
 * @throws RunStorageError if it cannot be created, locked, read or written, or one of the run's files is a link.
 */
export async function openDirectoryStore(
  dir: string,
  { seed, onRecovered }: DirectoryStoreOptions = {},
): Promise<RunStore> {
  const unlock = lockRun(dir);
  try {
    const header = await settleHeader(dir, seed);
    const journal = new Journal(join(dir, 'journal.sqlite'), { onRecovered });
    return {
      name: dir,
      dir,
      header,
      saveHeader: (changed) => saveHeader(dir, changed),
      journal,
      close() {
        journal.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A store that ends with the process. */
export function memoryStore(seed: number): RunStore {
  const journal = new Journal(':memory:');
  const header: RunHeader = { seed, servers: {}, reported: {} };
  return {
    name: 'The run',
    dir: null,
    header,
    saveHeader: async () => {},
    journal,
    close: () => journal.close(),
  };
}
