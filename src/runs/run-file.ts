import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InvalidFileError, RunConflictError, RunStorageError } from '../errors.ts';
import { readJsonFile } from '../internal/json-file.ts';
import { writeFileAtomic } from '../internal/write-file.ts';

const SCHEMA = 'aloe-run/1';

/** Only what every version has in common, so that a newer one is recognized. */
const headerSchema = z.looseObject({
  schema: z.string().regex(/^aloe-run\/\d+$/, `expected ${JSON.stringify(SCHEMA)}`),
});

const DAMAGED = 'Restore the file, or use another run directory.';

/**
 * Returns the seed of a run directory. Creates the directory and its `run.json` if they do not exist.
 *
 * @param wanted The seed asked for. Default: the one in `run.json`, or 0 for a new run.
 * @throws RunConflictError if the run has another seed or was written by a newer version.
 * @throws InvalidFileError if `run.json` is damaged.
 * @throws RunStorageError if the directory cannot be created, read or written.
 */
export async function settleSeed(dir: string, wanted: number | undefined): Promise<number> {
  const path = join(dir, 'run.json');
  if (!existsSync(path)) {
    const seed = wanted ?? 0;
    await writeFileAtomic(path, `${JSON.stringify({ schema: SCHEMA, seed })}\n`).catch(refuse);
    return seed;
  }
  const stored = await readSeed(path).catch(refuse);
  if (wanted !== undefined && wanted !== stored) {
    throw new RunConflictError(`${path} belongs to a run with seed ${stored}, not ${wanted}.`, {
      hint: 'Leave out the seed to resume that run, or use another run directory.',
    });
  }
  return stored;

  function refuse(error: Error): never {
    const cause = (error.cause ?? error) as NodeJS.ErrnoException;
    if (cause.syscall === undefined) throw error;
    throw new RunStorageError(`${dir} cannot be used as a run directory (${cause.message}).`, {
      hint: 'Use a directory that can be created and written to.',
      cause,
    });
  }
}

async function readSeed(path: string): Promise<number> {
  const { schema, seed } = await readJsonFile(path, headerSchema, {
    what: 'the header of a run',
    hint: DAMAGED,
  });
  if (schema !== SCHEMA) {
    throw new RunConflictError(`${path} was written by a newer version of aloe-align.`, {
      hint: 'Update aloe-align, or use another run directory.',
    });
  }
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed)) {
    throw new InvalidFileError(path, 'is not the header of a run: it has no valid seed.', { hint: DAMAGED });
  }
  return seed;
}
