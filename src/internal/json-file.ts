import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { InvalidFileError } from '../errors.ts';
import { checkPath } from './check-path.ts';
import { MAX_JSON_BYTES, parseJson, tooLong } from './parse-json.ts';
import { unreadable } from './unreadable.ts';

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
  checkPath('path', path);
  const text = await readText(path).catch((error: Error) => {
    throw 'syscall' in error ? unreadable(path, error, { hint }) : error;
  });
  const parsed = schema.safeParse(parseJson(path, text));
  if (parsed.success) return parsed.data;
  const problem = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw new InvalidFileError(path, `is not ${what}: ${problem}`, { hint });
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

/** Counts what it reads rather than trusting the file's size: a pipe has none, and a file can grow. */
async function readText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_JSON_BYTES) throw tooLong(path);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
