import type { ArgDef } from 'citty';
import { EXIT, EXIT_MEANINGS } from './exit-status.ts';
import type { Verb } from './verb.ts';
import type { VerbGroup } from './verb-table.ts';

/** Widest first column that leaves room for descriptions beside it. */
const NAMES_COLUMNS = 24;
const MIN_COLUMNS = 60;
const MAX_COLUMNS = 110;

/**
 * The help of a group: its commands and the exit statuses.
 *
 * @param name As typed: `aloe train`.
 * @param columns Width of the terminal.
 */
export function groupHelp(name: string, { description, verbs }: VerbGroup, columns: number): string {
  const isRoot = name === 'aloe';
  return joined([
    [description],
    [`Usage: ${name} COMMAND [options]`],
    [
      'Commands:',
      ...table(
        Object.entries(verbs).map(([verb, own]) => [verb, own.description]),
        columns,
      ),
    ],
    ...(isRoot ? [['Options:', ...table([['--version', 'Print the version.'], HELP], columns)]] : []),
    [
      'Exit statuses:',
      ...table(
        EXIT_MEANINGS.map(([status, meaning]) => [String(status), meaning]),
        columns,
      ),
    ],
    [
      `${name} help COMMAND prints the options of a command, with examples.`.replace(
        'aloe train help',
        'aloe help train',
      ),
    ],
  ]);
}

/**
 * The help of a command: usage, flags, examples and exit statuses.
 *
 * @param name As typed: `aloe train submit`.
 * @param columns Width of the terminal.
 */
export function verbHelp(name: string, description: string, verb: Verb, columns: number): string {
  const args = Object.entries(verb.args);
  const places = args.filter(([, { type }]) => type === 'positional');
  const flags = args.filter(([, { type }]) => type !== 'positional');
  const shown = placeNames(verb);
  return joined([
    [description],
    [`Usage: ${[name, ...shown].join(' ')} [options]`],
    places.length === 0
      ? []
      : [
          'Arguments:',
          ...table(
            places.map(([, own], index) => [shown[index]!, own.description ?? '']),
            columns,
          ),
        ],
    ['Options:', ...table([...flags.map(([flag, own]) => flagRow(flag, own)), HELP], columns)],
    [
      verb.examples.length === 1 ? 'Example:' : 'Examples:',
      ...verb.examples.flatMap(({ words, what }) => [`  aloe ${words}`, ...wrapped(what, 6, columns)]),
    ],
    ['Exit statuses:', ...table(statusRows(verb), columns)],
  ]);
}

const HELP: readonly [string, string] = ['--help', 'Print this help.'];

/** Only those that the command can end with. */
function statusRows({ args, failed }: Verb): (readonly [string, string])[] {
  return EXIT_MEANINGS.filter(
    ([status]) =>
      (status !== EXIT.gate || 'fail-under' in args) && (status !== EXIT.budget || 'budget-tokens' in args),
  ).map(([status, meaning]) => [String(status), status === EXIT.failed ? (failed ?? meaning) : meaning]);
}

function flagRow(name: string, own: ArgDef): readonly [string, string] {
  const { description = '', default: otherwise, required } = own;
  const note = required ? ' Required.' : otherwise === undefined ? '' : ` Default: ${otherwise}.`;
  return [flagName(name, own), `${description}${note}`];
}

/** Names on the left, descriptions on the right; under a long name, on the next line. */
function table(rows: readonly (readonly [name: string, text: string])[], columns: number): string[] {
  const indent = 4 + Math.min(NAMES_COLUMNS, Math.max(...rows.map(([name]) => name.length)));
  return rows.flatMap(([name, text]) => {
    const lines = wrapped(text, indent, columns);
    const start = `  ${name}`;
    if (start.length > indent - 2) return [start, ...lines];
    return [start.padEnd(indent) + lines[0]!.trimStart(), ...lines.slice(1)];
  });
}

function wrapped(text: string, indent: number, columns: number): string[] {
  const width = Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, columns)) - indent - 1;
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => ' '.repeat(indent) + line);
}

function joined(sections: readonly (readonly string[])[]): string {
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** `--base-url URL`, with the value's hint or the last word of the name. */
export function flagName(name: string, { type, valueHint }: ArgDef): string {
  return type === 'boolean' ? `--${name}` : `--${name} ${valueHint ?? name.split('-').at(-1)!.toUpperCase()}`;
}

/** The positional arguments as in the usage: `FILE...`, `[FILE]`. */
export function placeNames({ args, many }: Verb): string[] {
  const places = Object.entries(args).filter(([, { type }]) => type === 'positional');
  return places.map(([name, { required = true }], index) => {
    const word = name.toUpperCase() + (many && index === places.length - 1 ? '...' : '');
    return required ? word : `[${word}]`;
  });
}
