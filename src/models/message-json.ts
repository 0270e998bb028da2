import type { Message } from '../messages.ts';

/** Shorter texts are written as fast as they are looked up. */
const MIN_LENGTH = 200;

/** JSON of the contents of messages. The content is kept too, in case a caller changes a message. */
const written = new WeakMap<Message, { readonly content: string; readonly json: string }>();

/**
 * A message's content as a JSON string. Written once for each message object, since the journal key and the request body both
 * hold it, and so do those of the next turn: for a long text that takes longer than to hash it.
 */
export function contentJson(message: Message): string {
  const { content } = message;
  if (content.length < MIN_LENGTH) return JSON.stringify(content);
  const known = written.get(message);
  if (known?.content === content) return known.json;
  const json = JSON.stringify(content);
  written.set(message, { content, json });
  return json;
}

/** Whether a value is a message of role and content alone. */
export function isPlainMessage(value: object): value is Message {
  const { role, content } = value as Partial<Message>;
  return (
    typeof role === 'string' &&
    typeof content === 'string' &&
    Object.keys(value).length === 2 &&
    !('toJSON' in value)
  );
}
