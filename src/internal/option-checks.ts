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

/** What an option that is a number, a text or a flag may be: config files and the command line read it from here. */
export type Scalar = { readonly description: string } & (
  | {
      readonly kind: 'integer' | 'number';
      readonly min: number | undefined;
      readonly max: number | undefined;
      /** Null if there is no limit, or the default depends on other options. */
      readonly default: number | null;
    }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string | null }
  | { readonly kind: 'flag'; readonly default: boolean }
);

/** The check of an option that is a number, a text or a flag, and what it may be, as data. */
export interface ScalarCheck<Value> extends OptionCheck<Value | undefined, Value> {
  readonly scalar: Scalar;
}

/** The checks of some options, by name. */
export type Scalars<Values> = { readonly [Name in keyof Values]: ScalarCheck<Values[Name]> };

function scalarCheck<Value>(
  check: OptionCheck<Value | undefined, Value>,
  scalar: Scalar,
): ScalarCheck<Value> {
  return Object.assign(check, { scalar });
}

/**
 * A whole number; `otherwise` if left out.
 *
 * @param description One sentence for the help of the command line and for editors of config files.
 */
export function wholeNumber(
  range: Omit<NumberRange, 'integer'>,
  otherwise: number,
  description = '',
): ScalarCheck<number> {
  return anyNumber({ ...range, integer: true }, otherwise, description);
}

/** A number; `otherwise` if left out. */
export function number(range: NumberRange, otherwise: number, description = ''): ScalarCheck<number> {
  return anyNumber(range, otherwise, description);
}

function anyNumber(range: NumberRange, otherwise: number, description: string): ScalarCheck<number> {
  return scalarCheck(
    (given, option) => (given === undefined ? otherwise : checkNumber(option, given, range)),
    {
      kind: range.integer ? 'integer' : 'number',
      min: range.min,
      max: range.max,
      default: Number.isFinite(otherwise) ? otherwise : null,
      description,
    },
  );
}

/** One of some texts; `otherwise` if left out. */
export function oneOf<Choice extends string>(
  choices: readonly Choice[],
  otherwise: Choice,
  description = '',
): ScalarCheck<Choice> {
  return scalarCheck(
    (given, option) => (given === undefined ? otherwise : checkChoice(option, given, choices)),
    { kind: 'choice', choices, default: otherwise, description },
  );
}

/** True or false; `otherwise` if left out. */
export function flag(otherwise: boolean, description = ''): ScalarCheck<boolean> {
  return scalarCheck(
    (given = otherwise, option) => {
      if (typeof given !== 'boolean') throw new InvalidOptionError(option, 'true or false', given);
      return given;
    },
    { kind: 'flag', default: otherwise, description },
  );
}

/** The same option without a default of its own: left out, it stays undefined. */
export function optional<Value>(check: ScalarCheck<Value>): ScalarCheck<Value | undefined> {
  const { scalar } = check;
  return Object.assign(
    (given: Value | undefined, option: string) => (given === undefined ? undefined : check(given, option)),
    { scalar: scalar.kind === 'flag' ? scalar : { ...scalar, default: null } },
  );
}

/** The same option without a default: left out, it is null, and whoever uses it decides. */
export function orNull<Value>(check: ScalarCheck<Value>): OptionCheck<Value | undefined, Value | null> {
  return (given, option) => (given === undefined ? null : check(given, option));
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
