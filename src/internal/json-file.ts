import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { InvalidFileError } from '../errors.ts';

/** What a file is to hold, in the words of its errors. */
export interface ExpectedFile {
  /** With its article: `an evaluation`. */
  readonly what: string;
  /** What the reader can do when it is something else, in one sentence. */
  readonly hint: string;
}

/**
 * Reads a JSON file of ours.
 *
 * @throws InvalidFileError when it cannot be read, is not JSON or is something else, saying where.
 */
export async function readJsonFile<Value>(
  path: string,
  schema: z.ZodType<Value>,
  { what, hint }: ExpectedFile,
): Promise<Value> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new InvalidFileError(path, `cannot be read (${cause.message}).`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new InvalidFileError(path, 'is not JSON.', { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw new InvalidFileError(path, `is not ${what}: ${problem}`, { hint });
}
