import { InvalidOptionError } from '../errors.ts';
import { nearest } from './nearest.ts';
import { checkChoice, checkMethod, checkNumber, type NumberRange } from './options.ts';

/** Checks one option: takes what was given, undefined if it was left out, and returns what to use. */
export type OptionCheck<Given, Value> = (given: Given, option: string) => Value;

/** A check for every option of an interface. An option without a check does not compile. */
export type OptionChecks<Options, Checked> = {
  readonly [Name in keyof Required<Options>]: OptionCheck<
    Options[Name],
    Name extends keyof Checked ? Checked[Name] : unknown
  >;
};

/** The options after checking: every one has a value. `Changed` lists those whose type changes. */
export type CheckedOptions<Options, Changed = object> = {
  readonly [Name in keyof Required<Options>]: Name extends keyof Changed
    ? Changed[Name]
    : Exclude<Options[Name], undefined>;
};

/**
 * Checks an options object, option by option in the order of `checks`.
 *
 * @param owner What takes the options, for errors: `AloeEvaluator`.
 * @throws InvalidOptionError naming the first option that is unknown or wrong.
 */
export function checkOptions<Options extends object, Checked>(
  owner: string,
  options: Options,
  checks: OptionChecks<Options, Checked>,
): Checked {
  refuseUnknownOptions(owner, options, Object.keys(checks));
  const names = Object.keys(checks) as (keyof Options & string)[];
  return Object.fromEntries(names.map((name) => [name, checks[name](options[name], name)])) as Checked;
}

/**
 * Refuses unknown option names. TypeScript does this at compile time; plain JavaScript would ignore a typo and use the
 * default.
 *
 * @throws InvalidOptionError naming the unknown option, and the most similar known one.
 */
export function refuseUnknownOptions(owner: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidOptionError('options', `the options of ${owner}`, options);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known, Math.ceil(name.length / 2));
    const hint = meant === undefined ? `It has: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
    throw new InvalidOptionError(`${owner} has no option "${name}".`, { hint });
  }
}

/** {@link refuseUnknownOptions}, with the names as a table: the compiler keeps it complete. */
export function checkKnownOptions<Options extends object>(
  owner: string,
  options: Options,
  known: Readonly<Record<keyof Options, true>>,
): void {
  refuseUnknownOptions(owner, options, Object.keys(known));
}

/** A whole number; `otherwise` if left out. */
export function wholeNumber<Given extends number | undefined>(
  range: Omit<NumberRange, 'integer'>,
  otherwise: number,
): OptionCheck<Given, number> {
  return (given, option) =>
    given === undefined ? otherwise : checkNumber(option, given, { ...range, integer: true });
}

/** A number; `otherwise` if left out. */
export function number(range: NumberRange, otherwise: number): OptionCheck<number | undefined, number> {
  return (given, option) => (given === undefined ? otherwise : checkNumber(option, given, range));
}

/** One of some texts; `otherwise` if left out. */
export function oneOf<Choice extends string>(
  choices: readonly Choice[],
  otherwise: Choice,
): OptionCheck<Choice | undefined, Choice> {
  return (given, option) => (given === undefined ? otherwise : checkChoice(option, given, choices));
}

/** True or false; `otherwise` if left out. */
export function flag(otherwise: boolean): OptionCheck<boolean | undefined, boolean> {
  return (given = otherwise, option) => {
    if (typeof given !== 'boolean') throw new InvalidOptionError(option, 'true or false', given);
    return given;
  };
}

/** A function; `otherwise` if left out. */
export function callback<Callback extends (...args: never[]) => unknown>(
  otherwise: NoInfer<Callback>,
): OptionCheck<Callback | undefined, Callback> {
  return (given = otherwise, option) => {
    if (typeof given !== 'function') throw new InvalidOptionError(option, 'a function', given);
    return given;
  };
}

/** An object that has a method, such as a model. */
export function withMethod<Value extends object>(
  method: keyof Value & string,
  expected: string,
): OptionCheck<Value, Value> {
  return (given, option) => {
    checkMethod(option, given, method, expected);
    return given;
  };
}
