import { InvalidOptionError } from '../../errors.ts';
import { type Message, system } from '../../messages.ts';
import { type ChatTemplateKwargs, checkChatTemplateKwargs } from '../../models/chat-template-kwargs.ts';
import { type Columns, kwargsColumn } from '../columns.ts';
import type { Demonstration } from '../preference-format.ts';

/** Options of every built-in format. */
export interface FormatOptions {
  /**
   * The system prompt the trained model will be served with. It is added to every conversation that has none. Do not put
   * the persona here: the model must learn to infer it. Default: none.
   */
  readonly system?: string | undefined;
}

/** Options of the formats for TRL. */
export interface TrlOptions extends FormatOptions {
  /**
   * Variables for the base model's chat template, written into every row as `chat_template_kwargs`. Serve and measure with the
   * same: `{ enable_thinking: false }` for models that would think, `{ date_string: '26 Jul 2024' }` for templates that write
   * the date of the day. `doctor` says which ones a base model needs. Default: none.
   */
  readonly chatTemplateKwargs?: ChatTemplateKwargs | undefined;
}

/** The column of {@link TrlOptions.chatTemplateKwargs}, and its value in every row. */
export function templateKwargs({ chatTemplateKwargs }: TrlOptions): {
  readonly columns: Columns;
  readonly values: { readonly chat_template_kwargs?: ChatTemplateKwargs };
} {
  const variables = checkChatTemplateKwargs('chatTemplateKwargs', chatTemplateKwargs);
  return {
    columns: kwargsColumn(variables),
    values: variables === undefined ? {} : { chat_template_kwargs: variables },
  };
}

/** Returns a function from a record to its prompt messages. @throws InvalidOptionError if the system prompt is empty. */
export function promptMessages(options: FormatOptions): (record: Demonstration) => Message[] {
  if (options.system === undefined) return ({ conversation }) => [...conversation];
  if (typeof options.system !== 'string' || options.system.trim() === '') {
    throw new InvalidOptionError('system', 'a non-empty string', options.system);
  }
  const first = system(options.system);
  return ({ conversation }) =>
    conversation[0]?.role === 'system' ? [...conversation] : [first, ...conversation];
}
