import { InvalidOptionError } from '../../errors.ts';
import { type Message, system } from '../../messages.ts';
import type { Demonstration } from '../preference-format.ts';

/** Options of every built-in format. */
export interface FormatOptions {
  /**
   * The system prompt the trained model will be served with. It is added to every conversation that has none. Do not put
   * the persona here: the model must learn to infer it. Default: none.
   */
  readonly system?: string | undefined;
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
