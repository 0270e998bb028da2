import { canonicalJson } from '../internal/canonical-json.ts';
import type { Message } from '../messages.ts';
import type { CallOptions } from './chat-model.ts';

const WRITTEN = Symbol('messages as JSON');

interface Written {
  readonly messages: readonly Message[];
  readonly json: string;
}

/**
 * Options of a call that carry its messages as JSON. The journal key is a hash of that text, and the request body needs it
 * again: to write a long prompt takes longer than to hash it.
 */
export function withMessagesJson(
  options: CallOptions,
  messages: readonly Message[],
  json: string,
): CallOptions {
  return { ...options, [WRITTEN]: { messages, json } satisfies Written } as CallOptions;
}

/** The messages of a call as JSON, as they were written for its key, or written now. */
export function messagesJson(messages: readonly Message[], options: CallOptions): string {
  const written = (options as { readonly [WRITTEN]?: Written })[WRITTEN];
  return written?.messages === messages ? written.json : JSON.stringify(messages);
}

/** A message as it was written. */
interface WrittenMessage extends Message {
  readonly json: string;
}

const written = new WeakMap<Message, WrittenMessage>();

/**
 * `canonicalJson` of messages. The JSON of each is kept with it: a conversation is sent again at each turn, and to write its
 * messages again would take longer than all else that a key takes.
 */
export function canonicalMessages(messages: readonly Message[]): string {
  return `[${messages.map(canonicalMessage).join(',')}]`;
}

function canonicalMessage(message: Message): string {
  const { role, content } = message;
  const before = written.get(message);
  // A caller may have changed it since, as one does who adds the tokens of a stream.
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
