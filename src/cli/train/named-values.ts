import { InvalidOptionError } from '../../errors.ts';
import type { JsonValue } from '../../json-value.ts';
import { type RepeatableArgDef, valuesOf } from '../parse-arguments.ts';

/** A flag for `NAME=VALUE`. */
export function namedValueArg(description: string): RepeatableArgDef {
  return {
    type: 'string',
    repeatable: true,
    valueHint: 'NAME=VALUE',
    description: `${description} Repeatable.`,
  };
}

/**
 * The values of a repeated flag by name: `learning_rate=2e-5`, `lora_target_modules=[q_proj, v_proj]`. They are YAML, so
 * numbers, `true`, lists and maps need no quotes, and anything else is text.
 *
 * @throws InvalidOptionError for anything but `NAME=VALUE`, a name given twice, and a value that is not YAML.
 */
export async function namedValues(
  flag: string,
  text: string | undefined,
): Promise<Record<string, JsonValue>> {
  const named = new Map<string, JsonValue>();
  for (const word of valuesOf(text)) {
    const [, name, value] = /^([^=\s]+)=(.+)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined) throw new InvalidOptionError(flag, 'NAME=VALUE', word);
    if (named.has(name)) throw new InvalidOptionError(flag, `one value for ${name}`, word);
    named.set(name, await parseValue(flag, value));
  }
  return Object.fromEntries(named);
}

async function parseValue(flag: string, text: string): Promise<JsonValue> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  if (document.errors.length === 0 && document.warnings.length === 0) return document.toJS() as JsonValue;
  throw new InvalidOptionError(flag, 'a value in YAML', text, {
    hint: 'Quote a text with special characters: name="\'a: b\'".',
  });
}
