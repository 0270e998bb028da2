import { InvalidOptionError } from '../../errors.ts';
import { type Message, system } from '../../messages.ts';
import type { Demonstration } from '../preference-format.ts';

/** What every shipped format takes. */
export interface FormatOptions {
  /**
   * The system prompt that the trained model will be served with, put in front of every conversation that has none of
   * its own. Default: none. The persona never belongs here: the model has to infer it.
   */
  readonly system?: string | undefined;
}

/** Turns a record into the messages of its prompt. @throws InvalidOptionError when the system prompt is empty. */
export function promptMessages(options: FormatOptions): (record: Demonstration) => Message[] {
  if (options.system === undefined) return ({ conversation }) => [...conversation];
  if (typeof options.system !== 'string' || options.system.trim() === '') {
    throw new InvalidOptionError('system', 'a non-empty string', options.system);
  }
  const first = system(options.system);
  return ({ conversation }) =>
    conversation[0]?.role === 'system' ? [...conversation] : [first, ...conversation];
}
