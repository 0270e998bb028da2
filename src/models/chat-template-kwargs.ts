import { InvalidOptionError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';

/**
 * Variables of a model's chat template, by name: `{ enable_thinking: false }` turns the thinking of many models off, and
 * `{ date_string: '26 Jul 2024' }` fixes the date that Llama 3 writes into prompts.
 */
export type ChatTemplateKwargs = Readonly<Record<string, string | number | boolean>>;

/** Arguments of the function that renders a template, which trainers and servers set themselves. */
const NOT_VARIABLES: readonly string[] = [
  'add_generation_prompt',
  'chat_template',
  'continue_final_message',
  'conversation',
  'messages',
  'padding',
  'max_length',
  'return_dict',
  'return_tensors',
  'tokenize',
  'tools',
  'truncation',
];

/**
 * Checks variables of a chat template.
 *
 * @returns a copy in the order of names. Undefined without any.
 * @throws InvalidOptionError for anything but texts, whole numbers, true and false by name.
 */
export function checkChatTemplateKwargs(
  option: string,
  given: ChatTemplateKwargs | undefined,
): ChatTemplateKwargs | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new InvalidOptionError(option, 'variables by name, such as { enable_thinking: false }', given);
  }
  for (const [name, value] of Object.entries(given)) {
    if (!/^[a-z_]\w*$/i.test(name)) throw new InvalidOptionError(option, 'names of variables', name);
    if (NOT_VARIABLES.includes(name)) {
      throw new InvalidOptionError(option, `no "${name}": trainers and servers set it`, name);
    }
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value)) continue;
    throw new InvalidOptionError(`${option}.${name}`, 'a text, a whole number, true or false', value);
  }
  const names = Object.keys(given).sort();
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, given[name]!]));
}

/** Variables as one text, equal for equal variables: `{"enable_thinking":false}`. */
export function formatChatTemplateKwargs(variables: ChatTemplateKwargs): string {
  return canonicalJson(variables);
}
