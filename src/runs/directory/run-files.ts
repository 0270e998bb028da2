import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RunStorageError } from '../../errors.ts';

/** What was submitted in batches. Not there in a run without any. */
export const BATCHES_FILE = 'batches.jsonl';

/** What was done to the run while it worked. */
export const STEERING_FILE = 'run.steering.jsonl';

/** How the names of a run's own files begin: SQLite and atomic writes put others beside them. */
const OWN_FILES = [
  'run.json',
  'run.lock',
  'run.holder.json',
  STEERING_FILE,
  'journal.',
  BATCHES_FILE,
] as const;

/** The same names, whole: `journal.md` is somebody's notes. */
const OWN_NAME =
  /^(?:run\.json|run\.lock(?:-journal)?|run\.holder\.json|run\.steering\.jsonl|batches\.jsonl|journal\.(?:damaged-\d+\.)?sqlite(?:\.replacement)?(?:-wal|-shm|-journal)?|(?:run\.json|batches\.jsonl)\.[0-9a-f]{8}-\d+-[0-9a-f]{8}\.partial)$/;

/** Whether a file of this name in a run directory is the run's own. Some file systems ignore case. */
export function isRunFile(name: string): boolean {
  return OWN_FILES.some((own) => name.toLowerCase().startsWith(own));
}

/** Whether the run itself gave a file this name, so that it may be removed with the run. */
export function isOwnName(name: string): boolean {
  return OWN_NAME.test(name);
}

/**
 * Refuses a run directory whose files are not plain files. Through a link that somebody else put there, the run would
 * overwrite a file elsewhere. The directory itself may be a link: clusters link to their scratch disk.
 *
 * @throws RunStorageError naming the link, pipe or directory.
 */
export function checkRunFiles(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isFile() || !isRunFile(entry.name)) continue;
    const what = entry.isSymbolicLink() ? 'a symbolic link' : 'not a file';
    throw new RunStorageError(`${join(dir, entry.name)} is ${what}.`, {
      hint: 'Remove it. The run directory may be a link, but the files in it may not.',
    });
  }
}
