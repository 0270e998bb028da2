import type { ArgDef } from 'citty';
import * as z from 'zod';
import type { AloeConfig } from '../../config/config.ts';
import { configSchema } from '../../config/config-schema.ts';
import { InvalidOptionError } from '../../errors.ts';

/** A section of a config file whose options are flags of a verb. */
export type ConfigSection = 'personas' | 'conversations' | 'export' | 'evaluation' | 'training';

/** One option of a config file as a flag. */
interface ConfigFlag {
  /** Without dashes: `max-output-tokens`. */
  readonly name: string;
  /** Where its value stands in the config. */
  readonly path: readonly string[];
  readonly schema: z.ZodType;
  readonly arg: ArgDef;
}

/** The flags of a verb that a config file can hold too. */
export interface ConfigFlags {
  /** For citty, with `--config`. */
  readonly args: Readonly<Record<string, ArgDef>>;
  /**
   * The config with what the flags say in place of what it says.
   *
   * @throws InvalidOptionError for a value that the option cannot have.
   */
  apply(config: AloeConfig, args: Readonly<Record<string, unknown>>): AloeConfig;
}

/** Options without a flag: lists, tables and code belong in a file. */
const FILE_ONLY = new Set([
  '$schema',
  'personas.attributes',
  'export.chatTemplateKwargs',
  'prices',
  'training.sftOptions',
  'training.dpoOptions',
  'training.environment',
  'training.checkpoints',
]);

/** Names of flags that would otherwise be longer than what people type. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  'models.default': 'model',
  'models.embedder': 'embedder',
};

/**
 * The options of a config as flags: those about the run and the models, and those of a verb's sections.
 *
 * @param sections With one, its flags have no prefix: `--turns`. With several: `--conversations-turns`.
 * @param except Options that the verb has flags of its own for: `models`.
 */
export function configFlags(
  sections: readonly ConfigSection[],
  except: readonly (keyof AloeConfig)[] = [],
): ConfigFlags {
  const flags = flagsIn(configSchema, [], sections).filter(
    ({ path: [first] }) => !except.some((name) => name === first),
  );
  return {
    args: Object.fromEntries(flags.map(({ name, arg }) => [name, arg])),
    apply(config, args) {
      const changed = structuredCopy(config);
      for (const flag of flags) {
        const given = args[flag.name];
        if (given !== undefined) put(changed, flag.path, readValue(flag, given));
      }
      return changed as AloeConfig;
    },
  };
}

function flagsIn(
  schema: z.ZodType,
  path: readonly string[],
  sections: readonly ConfigSection[],
): ConfigFlag[] {
  return Object.entries(shapeOf(schema)).flatMap(([key, member]) => {
    const inner = [...path, key];
    const isOther = path.length === 0 && isSection(key) && !sections.includes(key);
    if (isOther || FILE_ONLY.has(inner.join('.'))) return [];
    if (Object.keys(shapeOf(member)).length > 0) return flagsIn(member, inner, sections);
    return [toFlag(member, inner, sections)];
  });
}

const SECTIONS: readonly string[] = ['personas', 'conversations', 'export', 'evaluation', 'training'];

function isSection(key: string): key is ConfigSection {
  return SECTIONS.includes(key);
}

/** The members of an object, also of one that may be left out. A model may be an object too, but is a text as a flag. */
function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  const { def } = schema as unknown as {
    readonly def: { shape?: Record<string, z.ZodType>; innerType?: z.ZodType };
  };
  return def.innerType === undefined ? (def.shape ?? {}) : shapeOf(def.innerType);
}

function toFlag(schema: z.ZodType, path: readonly string[], sections: readonly ConfigSection[]): ConfigFlag {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const description = describe(json);
  return {
    name: flagName(path, sections),
    path,
    schema,
    arg:
      json.type === 'boolean'
        ? { type: 'boolean', description }
        : { type: 'string', description, ...valueHint(path, json) },
  };
}

/** What stands for the value in the help: `N`, or what kind of text it is. */
function valueHint(path: readonly string[], { type }: z.core.JSONSchema.BaseSchema): { valueHint?: string } {
  const name = path.join('.');
  if (name === 'run') return { valueHint: 'DIR|URL' };
  if (name === 'files') return { valueHint: 'DIR' };
  if (name === 'personas.pool') return { valueHint: 'FILE' };
  if (name === 'evaluation.cases') return { valueHint: 'N|DIR' };
  if (name === 'budget.usd') return { valueHint: 'USD' };
  if (/tokens$/i.test(name)) return { valueHint: 'TOKENS' };
  if (type === 'array') return { valueHint: 'LIST' };
  return type === 'number' || type === 'integer' ? { valueHint: 'N' } : {};
}

function flagName(path: readonly string[], sections: readonly ConfigSection[]): string {
  const short = SHORT_NAMES[path.join('.')];
  if (short !== undefined) return short;
  const [first = '', ...rest] = path;
  if (first === 'models') return `${kebab(rest.join('-'))}-model`;
  const words = isSection(first) && sections.length === 1 ? rest : path;
  return kebab(words.join('-'));
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function describe({
  description = '',
  default: otherwise,
  enum: choices,
}: z.core.JSONSchema.BaseSchema): string {
  const named = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
  const usual =
    otherwise === undefined || otherwise === false || description.includes('(default')
      ? ''
      : ` Default: ${String(otherwise)}.`;
  return `${description}${named}${usual}`;
}

/** What a text may stand for: itself, a number, true or false (also as `none`), or a list. The first that the option can have. */
function readValue({ name, schema }: ConfigFlag, given: unknown): unknown {
  const text = String(given);
  const meanings: unknown[] = [
    ...(text.trim() !== '' && Number.isFinite(Number(text)) ? [Number(text)] : []),
    ...(text === 'true' || text === 'false' ? [text === 'true'] : []),
    ...(text === 'none' ? [false] : []),
    text,
    text.split(',').map((part) => part.trim()),
  ];
  const checks = meanings.map((meaning) => schema.safeParse(meaning));
  const fitting = checks.find(({ success }) => success);
  if (fitting?.success) return fitting.data;
  // Of a list, what is wrong with its entry says more than that the text is no list.
  const issues = checks.flatMap(({ error }) => error?.issues ?? []);
  const [deepest] = issues.toSorted((one, other) => other.path.length - one.path.length);
  throw new InvalidOptionError(name, deepest!.message, text);
}

/** A copy of the tables of a config. Models, which may be objects with methods, stay the same. */
function structuredCopy(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isTable(inner) ? structuredCopy(inner) : inner]),
  );
}

function isTable(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !('generate' in value)
  );
}

function put(table: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    table[key] = value;
    return;
  }
  const inner = table[key];
  const next: Record<string, unknown> = isTable(inner) ? { ...inner } : {};
  table[key] = next;
  put(next, rest, value);
}
