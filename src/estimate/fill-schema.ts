import type { JsonSchema } from '../models/chat-model.ts';

/** Fills in what a schema leaves open. */
export interface Filling {
  /** A text that stands alone. */
  sentence(): string;
  /** A text in a list: a question, so that it also passes where only questions count. */
  listItem(): string;
  /** How many of a list's fixed choices are taken, within the schema's bounds. */
  readonly found: number;
}

/** A value that a model could give for this schema. Lists are full; of fixed choices, the first ones are taken. */
export function fillSchema(schema: JsonSchema, filling: Filling): unknown {
  const fill = (part: unknown) => fillSchema(part as JsonSchema, filling);
  const { enum: choices, anyOf, oneOf, type } = schema as Record<string, readonly unknown[] | undefined>;
  if ('const' in schema) return schema.const;
  if (choices !== undefined) return choices[0];
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) return fill(alternatives[0]);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, part]) => [name, fill(part)]),
      );
    case 'array':
      return fillList(schema, filling);
    case 'string':
      return filling.sentence().slice(0, schema.maxLength as number | undefined);
    case 'number':
    case 'integer':
      return fillNumber(schema as NumberBounds);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function fillList(schema: JsonSchema, filling: Filling): unknown[] {
  const items = (schema.items ?? {}) as JsonSchema;
  const { minItems = 0, maxItems = Math.max(minItems, 3) } = schema as {
    readonly minItems?: number;
    readonly maxItems?: number;
  };
  if (Array.isArray(items.enum)) {
    return items.enum.slice(0, Math.min(maxItems, Math.max(minItems, filling.found)));
  }
  const inList = { ...filling, sentence: filling.listItem };
  return Array.from({ length: maxItems }, () => fillSchema(items, inList));
}

interface NumberBounds {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** The number nearest to zero. */
function fillNumber({ minimum, exclusiveMinimum = -Infinity, maximum = Infinity }: NumberBounds): number {
  return Math.min(maximum, Math.max(0, minimum ?? exclusiveMinimum + 1));
}
