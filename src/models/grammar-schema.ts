import type { JsonSchema } from './chat-model.ts';

/** A wider range of integers is not spelled out. Validation of the reply enforces it instead. */
const MAX_SPELLED_OUT = 100;

/** Rewrites a schema for a grammar. Grammars cannot express number ranges, so a small range of integers becomes an enum. */
export function grammarSchema(schema: JsonSchema): JsonSchema {
  const { type, minimum, maximum } = schema;
  if (type === 'integer' && typeof minimum === 'number' && typeof maximum === 'number') {
    const first = Math.ceil(minimum);
    const count = Math.floor(maximum) - first + 1;
    if (count <= MAX_SPELLED_OUT) return { enum: Array.from({ length: count }, (_, index) => first + index) };
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inner(key, value)]));
}

function inner(key: string, value: unknown): unknown {
  if (key === 'items') return grammarSchema(value as JsonSchema);
  if (key === 'anyOf' || key === 'oneOf') return (value as JsonSchema[]).map(grammarSchema);
  if (key !== 'properties') return value;
  const properties = Object.entries(value as Record<string, JsonSchema>);
  return Object.fromEntries(properties.map(([name, property]) => [name, grammarSchema(property)]));
}
