import { remembered } from '../../internal/remembered.ts';
import { assistant, type Message, system, user } from '../../messages.ts';

// The messages of a prompt come again at the next turn, with a few more. They are the same objects then, because their JSON
// and what the checks of user messages know of them are kept with them.

/** A user's message as one of the model's own, for a role-player. */
export const ownMessage: (message: Message) => Message = remembered(({ content }) => assistant(content));

/** The other side's message as a role-player is told of it. */
export const friendAnswers: (message: Message) => Message = remembered(({ content }) =>
  user(`The friend answers: ${content}`),
);

/** Makes the system messages of a prompt: in a conversation the same one again, as long as the text is the same. */
export function systemMessages(): (conversation: readonly Message[], text: string) => Message {
  // By the first message: it is the same at every turn, and nothing is kept for longer than the conversation.
  const known = new WeakMap<Message, Message>();
  return ([first], text) => {
    const before = first && known.get(first);
    if (before?.content === text) return before;
    const message = system(text);
    if (first !== undefined) known.set(first, message);
    return message;
  };
}
