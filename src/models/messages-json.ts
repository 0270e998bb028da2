import { canonicalJson } from '../internal/canonical-json.ts';
import type { Message } from '../messages.ts';

/** A message as it was written. */
interface WrittenMessage extends Message {
  readonly json: string;
}

const written = new WeakMap<Message, WrittenMessage>();

/**
 * `canonicalJson` of messages, for the key of a call and for its body. The JSON of each is kept with it: a conversation is sent
 * again at each turn, and to write its messages again would take longer than all else that a key takes. That of the whole
 * is not kept: while a model answers, the memory it takes could not be used again.
 */
export function canonicalMessages(messages: readonly Message[]): string {
  return `[${messages.map(canonicalMessage).join(',')}]`;
}

function canonicalMessage(message: Message): string {
  const { role, content } = message;
  const before = written.get(message);
  // A caller may have changed the message since, for example by appending the tokens of a stream.
  if (before?.content === content && before.role === role && isPlain(message)) return before.json;
  const json = canonicalJson(message);
  if (isPlain(message)) written.set(message, { role, content, json });
  return json;
}

/** Whether role and text are all that it has. */
function isPlain(message: Message): boolean {
  return (
    typeof message.content === 'string' &&
    typeof message.role === 'string' &&
    Object.keys(message).length === 2
  );
}
