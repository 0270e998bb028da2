import type * as z from 'zod';
import { InvalidFileError } from '../errors.ts';
import { describeIssues } from './describe-issues.ts';
import { parseJson } from './parse-json.ts';
import { readLimitedFile } from './read-file.ts';

/** What a file should contain, for its error messages. */
export interface ExpectedFile {
  /** With its article: `an evaluation`. */
  readonly what: string;
  /** What to do when it is something else, in one sentence. */
  readonly hint: string;
}

/**
 * Reads a JSON file and checks it against a schema. A byte order mark is ignored.
 *
 * @throws InvalidFileError when the file cannot be read, is larger than 256 MiB, is not JSON (with line and column), is
 * nested deeper than 1,000 levels, or does not match the schema.
 */
export async function readJsonFile<Value>(
  path: string,
  schema: z.ZodType<Value>,
  { what, hint }: ExpectedFile,
): Promise<Value> {
  const text = (await readLimitedFile(path, { hint })).toString();
  const value = parseJson(path, text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidFileError(path, `is not ${what}: ${describeIssues(parsed.error, value)}.`, { hint });
}

/** As {@link readJsonFile}. Null if there is no such file. */
export async function readJsonFileIfThere<Value>(
  path: string,
  schema: z.ZodType<Value>,
  expected: ExpectedFile,
): Promise<Value | null> {
  return readJsonFile(path, schema, expected).catch((error: Error) => {
    if (error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ENOENT') return null;
    throw error;
  });
}
