import { InvalidOptionError } from '../errors.ts';

/** The numbers that an option accepts. */
export interface NumberKind {
  readonly min: number;
  /** Default: no upper limit. */
  readonly max?: number;
  /** Default: false. */
  readonly whole?: boolean;
}

/** Parses the text of a numeric option. @throws InvalidOptionError when it is not such a number. */
export function readNumber(
  option: string,
  text: string,
  { min, max = Infinity, whole = false }: NumberKind,
): number {
  const value = Number(text);
  const isOne = whole ? Number.isInteger(value) : Number.isFinite(value);
  if (text.trim() === '' || !isOne || value < min || value > max) {
    const limits = max === Infinity ? ` of at least ${min}` : ` from ${min} to ${max}`;
    const range = min === -Infinity ? '' : limits;
    throw new InvalidOptionError(option, `a ${whole ? 'whole ' : ''}number${range}`, text);
  }
  return value;
}

/** As {@link readNumber}; undefined stays undefined. */
export function readOptionalNumber(
  option: string,
  text: string | undefined,
  kind: NumberKind,
): number | undefined {
  return text === undefined ? undefined : readNumber(option, text, kind);
}
