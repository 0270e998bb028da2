import { type Message, user } from '../messages.ts';
import type { Prompt } from '../models/prompt.ts';

/** Variables of {@link adaptedResponsePrompt}. */
export interface AdaptedResponseVariables {
  /** The original messages, system messages included, with at least one from the user. */
  readonly messages: readonly Message[];
  /** Inferred preferences, at least one. */
  readonly preferences: readonly string[];
}

/** Appends the inferred preferences to the last user message. Everything before it is unchanged. */
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
