/** Who wrote a chat message. `system` carries instructions. */
export type MessageRole = 'system' | 'user' | 'assistant';

/** One chat message, text only, in the shape that chat APIs and training formats share. */
export interface Message {
  readonly role: MessageRole;
  /** The text. */
  readonly content: string;
}

export function system(content: string): Message {
  return { role: 'system', content };
}

export function user(content: string): Message {
  return { role: 'user', content };
}

export function assistant(content: string): Message {
  return { role: 'assistant', content };
}
