import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { InvalidFileError, RunConflictError, RunStorageError } from '../../errors.ts';
import { readJsonFile, readJsonFileIfThere } from '../../internal/json-file.ts';
import { isFullDisk } from '../../internal/write-error.ts';
import { writeFileAtomic } from '../../internal/write-file.ts';
import type { ServerRecords } from '../served/known-servers.ts';

const SCHEMA = 'aloe-run/2';
/** What version 0.1 wrote. */
const FORMER_SCHEMA = 'aloe-run/1';

/** Only what all versions have in common, so that the header of another version is recognised as one. */
const headerSchema = z.looseObject({
  schema: z.string().regex(/^aloe-run\/\d+$/, `expected ${JSON.stringify(SCHEMA)}`),
});

const runSchema = z.object({
  schema: z.literal(SCHEMA),
  seed: z.int().min(0),
  servers: z.record(z.string(), z.string()),
  reported: z.record(z.string(), z.array(z.string().nullable())).default({}),
});

const formerSchema = z.object({ schema: z.literal(FORMER_SCHEMA), seed: z.int().min(0) });

/** What `run.json` holds. */
export interface RunHeader extends ServerRecords {
  /** All random choices of the run follow from it. */
  readonly seed: number;
}

const EXPECTED = { what: 'the header of a run', hint: 'Restore the file, or use another run directory.' };

/**
 * Reads the header of a run directory. Creates the directory and its `run.json` if they do not exist.
 *
 * @param wanted The seed asked for. Default: the one in `run.json`, or 0 for a new run.
 * @throws RunConflictError if the run has another seed or was written by another version.
 * @throws InvalidFileError if `run.json` is damaged, or missing beside a journal, or if the journal is gone.
 * @throws RunStorageError if the directory cannot be created, read or written.
 */
export async function settleHeader(dir: string, wanted: number | undefined): Promise<RunHeader> {
  const stored = await readHeader(dir);
  if (stored === null) {
    checkNoJournal(dir);
    const header = { seed: wanted ?? 0, servers: {}, reported: {} };
    await saveHeader(dir, header);
    return header;
  }
  if (stored.isFormer) {
    throw new RunConflictError(
      `${pathOf(dir)} was written by version 0.1, which stored answers under other keys. It can only be read.`,
      { hint: 'Leave out readOnly to replay it, or use another run directory.' },
    );
  }
  checkSeed(dir, stored.seed, wanted);
  const { seed, servers, reported } = stored;
  if (Object.keys(reported).length > 0) checkJournal(dir);
  return { seed, servers, reported };
}

/**
 * Refuses to make a new header beside a journal. A run writes its header first, so here it was deleted, or the journal was
 * copied without it. Under another seed, every call would be sent again.
 *
 * @throws InvalidFileError if there is a journal.
 */
function checkNoJournal(dir: string): void {
  if (!existsSync(join(dir, 'journal.sqlite'))) return;
  throw new InvalidFileError(
    pathOf(dir),
    'is missing beside journal.sqlite, so the seed of the run is not known.',
    {
      hint: 'Restore the file, or use another run directory.',
    },
  );
}

/**
 * Refuses a run whose models have answered and whose journal is missing or empty: it was lost, and every call would be
 * paid for again.
 *
 * @throws InvalidFileError if nothing of the journal is there.
 */
function checkJournal(dir: string): void {
  const path = join(dir, 'journal.sqlite');
  // The log may hold all of it, and an interrupted repair is finished when it is opened.
  const parts = [path, `${path}-wal`, `${path}.replacement`];
  if (parts.some((part) => (statSync(part, { throwIfNoEntry: false })?.size ?? 0) > 0)) return;
  throw new InvalidFileError(path, 'is missing or empty, but run.json says that models have answered.', {
    hint: 'Restore the file, or begin again in another run directory.',
  });
}

/** @throws RunConflictError if another seed is wanted. */
export function checkSeed(dir: string, seed: number, wanted: number | undefined): void {
  if (wanted === undefined || wanted === seed) return;
  throw new RunConflictError(`${pathOf(dir)} belongs to a run with seed ${seed}, not ${wanted}.`, {
    hint: 'Leave out the seed to resume that run, or use another run directory.',
  });
}

/** @throws RunStorageError if `run.json` cannot be written. */
export async function saveHeader(dir: string, header: RunHeader): Promise<void> {
  await writeFileAtomic(pathOf(dir), `${JSON.stringify({ schema: SCHEMA, ...header })}\n`).catch(
    (error: Error) => refuse(dir, error),
  );
}

function refuse(dir: string, error: Error): never {
  if (isFullDisk(error)) throw error;
  const cause = (error.cause ?? error) as NodeJS.ErrnoException;
  if (cause.syscall === undefined) throw error;
  throw new RunStorageError(`${dir} cannot be used as a run directory (${cause.message}).`, {
    hint: 'Use a directory that can be created and written to.',
    cause,
  });
}

/** What {@link readHeader} finds. */
export interface StoredHeader extends RunHeader {
  /** Whether version 0.1 wrote it. `servers` and `reported` are then empty. */
  readonly isFormer: boolean;
}

/**
 * Reads `run.json`. Null if there is none.
 *
 * @throws RunConflictError if a newer version wrote it.
 * @throws InvalidFileError if it is damaged.
 * @throws RunStorageError if it cannot be read.
 */
export async function readHeader(dir: string): Promise<StoredHeader | null> {
  return readIfThere(pathOf(dir)).catch((error: Error) => refuse(dir, error));
}

/** As {@link readHeader}, for a run that must exist. @throws RunStorageError also if there is no run. */
export async function requireHeader(dir: string): Promise<StoredHeader> {
  const header = await readHeader(dir);
  if (header !== null) return header;
  throw new RunStorageError(`${dir} holds no run: it has no run.json.`, { hint: 'Check the path.' });
}

async function readIfThere(path: string): Promise<StoredHeader | null> {
  const header = await readJsonFileIfThere(path, headerSchema, EXPECTED);
  if (header === null) return null;
  const { schema } = header;
  if (schema === FORMER_SCHEMA) {
    const { seed } = await readJsonFile(path, formerSchema, EXPECTED);
    return { seed, servers: {}, reported: {}, isFormer: true };
  }
  if (schema !== SCHEMA) {
    throw new RunConflictError(`${path} was written by a newer version of aloe-align.`, {
      hint: 'Update aloe-align, or use another run directory.',
    });
  }
  const { seed, servers, reported } = await readJsonFile(path, runSchema, EXPECTED);
  return { seed, servers, reported, isFormer: false };
}

const pathOf = (dir: string) => join(dir, 'run.json');
