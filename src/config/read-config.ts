import { stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as z from 'zod';
import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { messageOf } from '../internal/message-of.ts';
import { nearest } from '../internal/nearest.ts';
import { parseJson } from '../internal/parse-json.ts';
import { readLimitedFile } from '../internal/read-file.ts';
import { excerpt } from '../redact.ts';
import type { AloeConfig } from './config.ts';
import { configSchema } from './config-schema.ts';

const HINT = 'Run `aloe init` for a config file to start from.';

/**
 * Reads a config file: `.yaml`, `.yml`, `.json`, or a module (`.ts`, `.mts`, `.js`, `.mjs`) with the config as its default
 * export. A module is code and runs: read only one that you trust.
 *
 * @throws InvalidFileError if the file cannot be read, or is not a config. The message names the option.
 */
export async function readConfig(path: string): Promise<AloeConfig> {
  const value = isModule(path) ? await importConfig(path) : await readPlainFile(path, HINT);
  return checkConfig(value, path);
}

/** Whether a config file is code, which runs when it is read. */
export function isModule(path: string): boolean {
  return /^\.m?[jt]s$/.test(extname(path));
}

/**
 * Checks a config that was made in code.
 *
 * @throws InvalidOptionError naming the first option that is unknown or wrong.
 */
export function checkMadeConfig(config: AloeConfig): void {
  const checked = configSchema.safeParse(config);
  if (checked.success) return;
  throw new InvalidOptionError(`config: ${describeIssue(checked.error.issues[0]!, config)}`, {});
}

/**
 * Checks what a config file holds.
 *
 * @param path The file it is from, for errors.
 * @throws InvalidFileError naming the first option that is unknown or wrong.
 */
export function checkConfig(value: unknown, path: string): AloeConfig {
  const checked = configSchema.safeParse(value);
  if (checked.success) return checked.data;
  throw new InvalidFileError(path, describeIssue(checked.error.issues[0]!, value));
}

/**
 * The value in a JSON file (`.json`) or a YAML file (any other ending).
 *
 * @param hint What to do if it cannot be read.
 * @throws InvalidFileError if it cannot be read or parsed.
 */
export async function readPlainFile(path: string, hint: string): Promise<unknown> {
  const text = decode(path, await readLimitedFile(path, { hint }));
  if (extname(path) === '.json') return parseJson(path, text);
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text);
    // The parser only warns about an unknown tag, and reads the value as if it had none.
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw problem;
    const value: unknown = document.toJS();
    // Fails for an alias that refers to a value around it.
    JSON.stringify(value);
    // An empty file leaves everything to its default.
    return value ?? {};
  } catch (error) {
    throw new InvalidFileError(path, `is not YAML: ${yamlProblem(error)}`, { cause: error });
  }
}

/** Other encodings would be read as wrong letters, in a path or a name of a model. */
function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidFileError(path, 'is not UTF-8 text.', { hint: 'Save it as UTF-8.', cause });
  }
}

async function importConfig(path: string): Promise<unknown> {
  await stat(path).catch((cause: unknown) => {
    throw new InvalidFileError(path, 'cannot be read.', { hint: HINT, cause });
  });
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new InvalidFileError(path, `cannot be loaded: ${firstLine(error)}`, { cause: error });
  }
  if (module.default !== undefined) return module.default;
  throw new InvalidFileError(path, 'has no default export.', {
    hint: 'Write: export default defineConfig({ … })',
  });
}

/** The parser's first line, which ends with a colon and may name its API. */
function yamlProblem(error: unknown): string {
  const problem = firstLine(error)
    .replace(/:$/, '')
    .replace(
      /^Source contains multiple documents; .*?(?= at line|$)/,
      'It has a second document, which begins',
    );
  return /[.!?]$/.test(problem) ? problem : `${problem}.`;
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0]!;
}

function describeIssue(issue: z.core.$ZodIssue, config: unknown): string {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    const known = knownNames(issue.path);
    const meant = nearest(name, known, Math.ceil(name.length / 2));
    const hint = meant === undefined ? `It has: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
    return `${place === '' ? 'has' : `${place} has`} no option "${name}". ${hint}`;
  }
  const expected = issue.message
    .replace(/^Invalid input: expected object.*/, 'options by name')
    .replace(/^Invalid input: expected (\w+).*/, '$1');
  const given = show(valueAt(config, issue.path));
  return `${place === '' ? 'the config' : place}: expected ${expected}, got ${given}.`;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' && typeof value !== 'string') return String(value);
  try {
    return excerpt(JSON.stringify(value), 80);
  } catch {
    // Code can make objects that JSON cannot hold.
    return 'an object';
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (inner as Readonly<Record<PropertyKey, unknown>> | undefined)?.[name],
    value,
  );
}

/** The options at a place of the config, read from its schema. */
function knownNames(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = configSchema;
  for (const name of path) {
    const shape = shapeOf(schema);
    if (shape === undefined) return [];
    schema = shape[String(name)];
  }
  return Object.keys(shapeOf(schema) ?? {});
}

interface SchemaInside {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly innerType?: unknown;
  readonly options?: readonly unknown[];
}

/** The members of an object's schema, also of one that may be left out or is one of several. */
function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  const { shape, innerType, options } = (schema as { readonly def: SchemaInside }).def;
  if (innerType !== undefined) return shapeOf(innerType);
  return shape ?? options?.map(shapeOf).find((found) => found !== undefined);
}
