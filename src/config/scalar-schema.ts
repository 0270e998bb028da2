import * as z from 'zod';
import type { Scalar, Scalars } from '../internal/option-checks.ts';

/** The schemas of some options, each of which may be left out. */
export type ScalarShape<Values> = {
  readonly [Name in keyof Values]: z.ZodOptional<z.ZodType<Exclude<Values[Name], undefined>>>;
};

/** The part of a config file's schema that some options of the library make. */
export function scalarShape<Values>(scalars: Scalars<Values>): ScalarShape<Values> {
  const names = Object.keys(scalars) as (keyof Values & string)[];
  return Object.fromEntries(
    names.map((name) => [name, scalarSchema(scalars[name].scalar).optional()]),
  ) as unknown as ScalarShape<Values>;
}

function scalarSchema(scalar: Scalar): z.ZodType {
  const meta = {
    description: scalar.description,
    ...(scalar.default !== null && { default: scalar.default }),
  };
  return valueSchema(scalar).meta(meta);
}

function valueSchema(scalar: Scalar): z.ZodType {
  switch (scalar.kind) {
    case 'flag':
      return z.boolean('true or false');
    case 'choice':
      return z.enum(scalar.choices, `one of ${scalar.choices.join(', ')}`);
    default:
      return numberSchema(scalar);
  }
}

function numberSchema({ kind, min, max }: Extract<Scalar, { kind: 'integer' | 'number' }>): z.ZodType {
  const noun = kind === 'integer' ? 'a whole number' : 'a number';
  const lower = min === undefined ? '' : ` of at least ${min}`;
  const expected =
    min !== undefined && max !== undefined ? `${noun} from ${min} to ${max}` : `${noun}${lower}`;
  let schema: z.ZodNumber | z.ZodInt = kind === 'integer' ? z.int(expected) : z.number(expected);
  if (min !== undefined) schema = schema.min(min, expected);
  if (max !== undefined) schema = schema.max(max, expected);
  return schema;
}
