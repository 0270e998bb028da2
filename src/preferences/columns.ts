import type { ChatTemplateKwargs } from '../models/chat-template-kwargs.ts';

/** Type of a value in a row: `integer` has 32 bits, `[type]` is a list, `{ field: type }` an object. */
export type ValueType =
  | 'string'
  | 'boolean'
  | 'integer'
  | readonly [ValueType]
  | { readonly [field: string]: ValueType };

/** Types of a row's columns, by name, in order. */
export type Columns = Readonly<Record<string, ValueType>>;

interface MessageType {
  readonly [field: string]: ValueType;
  readonly role: 'string';
  readonly content: 'string';
}

export const MESSAGE: MessageType = { role: 'string', content: 'string' };

export const MESSAGES: readonly [MessageType] = [MESSAGE];

/** The column with variables of the chat template, if there are any. TRL gives them to the template, row by row. */
export function kwargsColumn(variables: ChatTemplateKwargs | undefined): Columns {
  if (variables === undefined) return {};
  const types = Object.entries(variables).map(([name, value]): [string, ValueType] => [
    name,
    typeof value === 'number' ? 'integer' : (typeof value as 'string' | 'boolean'),
  ]);
  return { chat_template_kwargs: Object.fromEntries(types) };
}

export function isList(type: ValueType): type is readonly [ValueType] {
  return Array.isArray(type);
}

const DTYPES = { string: 'string', boolean: 'bool', integer: 'int32' } as const;

/** A column in the front matter of a Hugging Face dataset card, under `features`. */
export type CardFeature = { readonly name?: string; readonly [key: string]: unknown };

/** Builds the `features` of a dataset card, which keep `datasets` from guessing types. */
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
