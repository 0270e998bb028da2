import { type Message, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';

/**
 * Appends a reminder to the last message of the request. It does not enter the history, so earlier messages stay the
 * same and provider caches work.
 */
export const reminderPrompt: Prompt<{ readonly conversation: readonly Message[] }> = {
  id: 'reminder',
  version: 1,
  messages({ conversation }) {
    const last = conversation.at(-1);
    if (last === undefined) return [];
    const reminder =
      '(Think of what my messages so far show about me: what I like to talk about, how I like to be answered. Answer in the way that suits me, and do not mention this note.)';
    return [...conversation.slice(0, -1), user(`${last.content}\n\n${reminder}`)];
  },
};
