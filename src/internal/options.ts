import { InvalidOptionError } from '../errors.ts';

export interface NumberRange {
  readonly min?: number;
  /** Excluded, unlike `min`. */
  readonly above?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** @throws InvalidOptionError unless `value` is a finite number in the range, bounds included. */
export function checkNumber(option: string, value: number, range: NumberRange = {}): number {
  const { min = -Infinity, above = -Infinity, max = Infinity, integer = false } = range;
  const valid =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= min &&
    value > above &&
    value <= max &&
    (!integer || Number.isInteger(value));
  if (!valid) {
    const kind = integer ? 'a whole number' : 'a number';
    const least = above === -Infinity ? `of at least ${min}` : `above ${above}`;
    const bounds =
      max === Infinity
        ? min === -Infinity && above === -Infinity
          ? ''
          : ` ${least}`
        : min === -Infinity
          ? ` of at most ${max}`
          : ` from ${min} to ${max}`;
    throw new InvalidOptionError(option, `${kind}${bounds}`, value);
  }
  return value;
}

/** @throws InvalidOptionError unless `value` is one of `choices`. */
export function checkChoice<Choice extends string>(
  option: string,
  value: Choice,
  choices: readonly Choice[],
): Choice {
  if (!choices.includes(value)) {
    throw new InvalidOptionError(option, `one of ${choices.map((c) => JSON.stringify(c)).join(', ')}`, value);
  }
  return value;
}

/** @throws InvalidOptionError unless `value` has a method of that name. */
export function checkMethod(option: string, value: unknown, method: string, expected: string): void {
  const found = typeof value === 'object' && value !== null && method in value;
  if (!found || typeof (value as Record<string, unknown>)[method] !== 'function') {
    throw new InvalidOptionError(option, expected, value);
  }
}
