import type { CommandDef } from 'citty';
import { InvalidOptionError } from '../errors.ts';
import { nearest } from '../internal/nearest.ts';

/**
 * Refuses unknown commands before citty sees them: it prints them as they are, with their escape sequences.
 *
 * @param words The arguments after `aloe`. Words that begin with a dash are left to citty.
 * @throws InvalidOptionError naming the unknown command, and the most similar known one.
 */
export async function checkCommand(command: CommandDef, words: readonly string[]): Promise<void> {
  const commands = await settled(command.subCommands);
  const at = words.findIndex((word) => !word.startsWith('-'));
  const word = words[at];
  if (commands === undefined || word === undefined) return;
  if (Object.hasOwn(commands, word)) {
    return checkCommand((await settled(commands[word]))!, words.slice(at + 1));
  }
  const known = Object.keys(commands);
  const meant = nearest(word, known, Math.ceil(word.length / 2));
  throw new InvalidOptionError(`Unknown command ${word}.`, {
    hint: meant === undefined ? `The commands are ${known.join(', ')}.` : `Did you mean "${meant}"?`,
  });
}

/** citty takes commands, functions that load them, and promises. */
function settled<Value>(
  value: Value | Promise<Value> | (() => Value | Promise<Value>),
): Value | Promise<Value> {
  return typeof value === 'function' ? (value as () => Value | Promise<Value>)() : value;
}
