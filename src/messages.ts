/** Who speaks in a chat message. */
export type MessageRole = 'system' | 'user' | 'assistant';

/** One chat message, text only: the shape every chat API and training format shares. */
export interface Message {
  readonly role: MessageRole;
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
