import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { InvalidFileError, RunConflictError, RunStorageError } from '../errors.ts';
import { writeFileAtomic } from '../internal/write-file.ts';

const runFileSchema = z.object({ schema: z.literal('aloe-run/1'), seed: z.number().int() });

const NEWER_SCHEMA = /"schema"\s*:\s*"aloe-run\/(?!1")\d+"/;

/**
 * The seed that `run.json` of this directory holds; the directory and the file are made when there are none.
 *
 * @throws RunConflictError when it holds another seed than the one wanted, or was written by a newer version.
 * @throws InvalidFileError when it is damaged.
 * @throws RunStorageError when the directory cannot be made, read or written.
 */
export async function settleSeed(dir: string, wanted: number | undefined): Promise<number> {
  const path = join(dir, 'run.json');
  const stored = await readSeed(path).catch(refuse);
  if (stored === undefined) {
    const seed = wanted ?? 0;
    await writeFileAtomic(path, `${JSON.stringify({ schema: 'aloe-run/1', seed })}\n`).catch(refuse);
    return seed;
  }
  if (wanted !== undefined && wanted !== stored) {
    throw new RunConflictError(
      `${path} belongs to a run with seed ${stored}; seed ${wanted} was asked for.`,
      {
        hint: 'Leave the seed out to continue that run, or use another directory.',
      },
    );
  }
  return stored;

  function refuse(error: NodeJS.ErrnoException): never {
    if (error.syscall === undefined) throw error;
    throw new RunStorageError(`${dir} cannot be used as a run directory (${error.message}).`, {
      hint: 'Name a directory that can be made and written.',
      cause: error,
    });
  }
}

async function readSeed(path: string): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return runFileSchema.parse(JSON.parse(text)).seed;
  } catch (cause) {
    if (NEWER_SCHEMA.test(text)) {
      throw new RunConflictError(`${path} was written by a newer version of aloe-align.`, {
        hint: 'Update aloe-align, or use another run directory.',
        cause,
      });
    }
    throw new InvalidFileError(path, 'is not the header of a run.', {
      hint: 'Restore the file, or use another directory.',
      cause,
    });
  }
}
