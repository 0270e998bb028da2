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
