/** Type of a value in a row: a text, a truth value, a 32-bit whole number, a list of one type, or an object's fields by name. */
export type ValueType =
  | 'string'
  | 'boolean'
  | 'integer'
  | readonly [ValueType]
  | { readonly [field: string]: ValueType };

/** Types of a row's columns, by name and in their order. */
export type Columns = Readonly<Record<string, ValueType>>;

interface MessageType {
  readonly [field: string]: ValueType;
  readonly role: 'string';
  readonly content: 'string';
}

export const MESSAGE: MessageType = { role: 'string', content: 'string' };

export const MESSAGES: readonly [MessageType] = [MESSAGE];

export function isList(type: ValueType): type is readonly [ValueType] {
  return Array.isArray(type);
}

const DTYPES = { string: 'string', boolean: 'bool', integer: 'int32' } as const;

/** A column as the front matter of a Hugging Face dataset card says it, under `features`. */
export type CardFeature = { readonly name?: string; readonly [key: string]: unknown };

/** The `features` of a dataset card. With them `datasets` takes the types as they are said and guesses nothing. */
export function cardFeatures(columns: Columns): CardFeature[] {
  return Object.entries(columns).map(([name, type]) => ({ name, ...cardType(type) }));
}

function cardType(type: ValueType): Record<string, unknown> {
  if (typeof type === 'string') return { dtype: DTYPES[type] };
  if (!isList(type)) return { struct: cardFeatures(type) };
  const [item] = type;
  if (typeof item === 'string') return { list: DTYPES[item] };
  return { list: isList(item) ? cardType(item) : cardFeatures(item) };
}
