import { type ArgDef, type ArgsDef, type ParsedArgs, parseArgs, type StringArgDef } from 'citty';
import { InvalidOptionError } from '../errors.ts';
import { nearest } from '../internal/nearest.ts';

type Args = Readonly<Record<string, ArgDef>>;

/** A flag that may be given several times. Its values arrive as one text: see {@link valuesOf}. */
export interface RepeatableArgDef extends StringArgDef {
  readonly repeatable: true;
}

/** No word of a command line can contain it. */
const SEPARATOR = '\0';

/** The values of a {@link RepeatableArgDef}, in the order given. */
export function valuesOf(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(SEPARATOR);
}

/**
 * Reads the words that follow a verb. Refuses what citty lets through: unknown flags (a typo would silently run with the
 * defaults), flags without a value, and stray words.
 *
 * @param many Whether the last positional argument accepts several words.
 * @throws InvalidOptionError for the first problem.
 */
export function parseArguments<const Definition extends ArgsDef>(
  words: readonly string[],
  definition: Definition,
  many: boolean,
): ParsedArgs<Definition> {
  const entries = Object.entries(definition);
  const flags = Object.fromEntries(entries.filter(([, { type }]) => type !== 'positional'));
  const places = Object.fromEntries(entries.filter(([, { type }]) => type === 'positional'));
  // What is missing is told here, in our words.
  const optional = entries.map(([name, own]) => [name, { ...own, required: false }]);
  const args = parseArgs<Definition>(joinRepeated(words, flags), Object.fromEntries(optional));
  checkFlags(args, flags, places);
  checkSwitches(words, flags);
  // citty would take `--NAME value` for a positional argument.
  const asFlag = Object.keys(places).find((name) => words.some((word) => word.split('=')[0] === `--${name}`));
  if (asFlag !== undefined) throw unknownFlag(asFlag, flags);
  checkPlaces(args._, places, many);
  for (const [name, { required, description }] of Object.entries(flags)) {
    if (required && args[name] === undefined) throw missing(`--${name}`, description);
  }
  return args;
}

/** citty keeps the last value of a flag that is given several times. */
function joinRepeated(words: readonly string[], flags: Args): string[] {
  const repeated = new Map<string, string[]>();
  const others: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === '--') return [...joined(), ...others, ...words.slice(index)];
    const [, given = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const name = toKebabCase(given);
    if (flags[name] === undefined || !('repeatable' in flags[name])) others.push(word);
    else repeated.set(name, [...(repeated.get(name) ?? []), value ?? words[++index] ?? '']);
  }
  function joined(): string[] {
    return [...repeated].map(([name, values]) => `--${name}=${values.join(SEPARATOR)}`);
  }
  return [...joined(), ...others];
}

function checkFlags(args: Readonly<Record<string, unknown>>, flags: Args, places: Args): void {
  for (const [given, value] of Object.entries(args)) {
    if (given === '_' || given in places) continue;
    const name = toKebabCase(given);
    const isText = flags[name] !== undefined && flags[name].type !== 'boolean';
    // citty takes `--no-NAME` for any name.
    if (flags[name] === undefined || (isText && value === false)) {
      throw unknownFlag(value === false ? `no-${name}` : given, flags);
    }
    if (value === '') throw new InvalidOptionError(name, 'a value', value);
  }
}

/** citty takes any value of a switch for true. */
function checkSwitches(words: readonly string[], flags: Args): void {
  const end = words.indexOf('--');
  for (const word of words.slice(0, end === -1 ? undefined : end)) {
    const [, given = '', value = 'true'] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
    const name = toKebabCase(given);
    if (flags[name]?.type !== 'boolean' || value === 'true' || value === 'false') continue;
    throw new InvalidOptionError(name, 'true or false, or no value', value);
  }
}

function checkPlaces(words: readonly string[], places: Args, many: boolean): void {
  const names = Object.entries(places);
  const stray = words[names.length];
  if (stray !== undefined && !many) {
    throw new InvalidOptionError(`Unexpected argument "${stray}".`, { hint: 'Options begin with --.' });
  }
  for (const [index, [name, { required = true, description }]] of names.entries()) {
    if (required && words[index] === undefined) throw missing(name.toUpperCase(), description);
  }
}

function unknownFlag(name: string, flags: Args): InvalidOptionError {
  const known = Object.keys(flags);
  const meant = nearest(name, known, Math.ceil(name.length / 2));
  const names = known.map((option) => `--${option}`).join(', ');
  const hint = meant === undefined ? `The options are ${names}.` : `Did you mean "--${meant}"?`;
  return new InvalidOptionError(`There is no option "${name.length === 1 ? '-' : '--'}${name}".`, { hint });
}

function missing(name: string, hint: string | undefined): InvalidOptionError {
  return new InvalidOptionError(`${name} is missing.`, { hint });
}

/** citty reports `--models-dir` under both spellings, `models-dir` and `modelsDir`. */
function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
