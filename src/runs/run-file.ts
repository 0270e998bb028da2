import { join } from 'node:path';
import * as z from 'zod';
import { RunConflictError, RunStorageError } from '../errors.ts';
import { readJsonFile, readJsonFileIfThere } from '../internal/json-file.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import type { ServerRecords } from './known-servers.ts';

const SCHEMA = 'aloe-run/2';

/** Only what every version has in common, so that another one is recognised. */
const headerSchema = z.looseObject({
  schema: z.string().regex(/^aloe-run\/\d+$/, `expected ${JSON.stringify(SCHEMA)}`),
});

const runSchema = z.object({
  schema: z.literal(SCHEMA),
  seed: z.int().min(0),
  servers: z.record(z.string(), z.string()),
  reported: z.record(z.string(), z.array(z.string().nullable())).default({}),
});

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
 * @throws InvalidFileError if `run.json` is damaged.
 * @throws RunStorageError if the directory cannot be created, read or written.
 */
export async function settleHeader(dir: string, wanted: number | undefined): Promise<RunHeader> {
  const path = join(dir, 'run.json');
  const stored = await readHeader(path).catch((error: Error) => refuse(dir, error));
  if (stored === null) {
    const header = { seed: wanted ?? 0, servers: {}, reported: {} };
    await saveHeader(dir, header);
    return header;
  }
  if (wanted !== undefined && wanted !== stored.seed) {
    throw new RunConflictError(`${path} belongs to a run with seed ${stored.seed}, not ${wanted}.`, {
      hint: 'Leave out the seed to resume that run, or use another run directory.',
    });
  }
  return stored;
}

/** @throws RunStorageError if `run.json` cannot be written. */
export async function saveHeader(dir: string, header: RunHeader): Promise<void> {
  const path = join(dir, 'run.json');
  await writeFileAtomic(path, `${JSON.stringify({ schema: SCHEMA, ...header })}\n`).catch((error: Error) =>
    refuse(dir, error),
  );
}

function refuse(dir: string, error: Error): never {
  const cause = (error.cause ?? error) as NodeJS.ErrnoException;
  if (cause.syscall === undefined) throw error;
  throw new RunStorageError(`${dir} cannot be used as a run directory (${cause.message}).`, {
    hint: 'Use a directory that can be created and written to.',
    cause,
  });
}

/** Null if there is none. */
async function readHeader(path: string): Promise<RunHeader | null> {
  const header = await readJsonFileIfThere(path, headerSchema, EXPECTED);
  if (header === null) return null;
  const { schema } = header;
  if (schema === 'aloe-run/1') {
    throw new RunConflictError(`${path} was written by version 0.1, which stored answers under other keys.`, {
      hint: 'Finish the run with version 0.1, or use another run directory. Its results and exports can be read.',
    });
  }
  if (schema !== SCHEMA) {
    throw new RunConflictError(`${path} was written by a newer version of aloe-align.`, {
      hint: 'Update aloe-align, or use another run directory.',
    });
  }
  const { seed, servers, reported } = await readJsonFile(path, runSchema, EXPECTED);
  return { seed, servers, reported };
}
