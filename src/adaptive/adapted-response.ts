import { type Message, user } from '../messages.ts';
import type { Prompt } from '../models/prompt.ts';

export interface AdaptedResponseVariables {
  /** The messages as they came, with system messages; there is a user's among them. */
  readonly messages: readonly Message[];
  /** What the user seems to like, at least one. */
  readonly preferences: readonly string[];
}

/** The request with what the user seems to like at the end of their last message: all before it stays as it was. */
export const adaptedResponsePrompt: Prompt<AdaptedResponseVariables> = {
  id: 'adapted-response',
  version: 1,
  messages({ messages, preferences }) {
    const last = messages.findLastIndex(({ role }) => role === 'user');
    const note = `(What is known about how I like to be answered: ${preferences.join('; ')}. Answer in the way that suits me, without mentioning this note.)`;
    return messages.map((message, index) =>
      index === last ? user(`${message.content}\n\n${note}`) : message,
    );
  },
};
