import { type Message, system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Statement } from '../../personas/persona.ts';

/** Variables of {@link responderPrompt}. */
export interface ResponderVariables {
  /** The conversation so far, ending with the user message to answer. */
  readonly conversation: readonly Message[];
  /** Statements revealed so far. Empty for the rejected response, which gets no hint. */
  readonly revealed: readonly Statement[];
}

/**
 * Asks for a response to a user message. Preferred and rejected requests are identical except for the hint at the end,
 * which never becomes part of the conversation. So a provider's prefix cache serves both, and the next turn.
 */
export const responderPrompt: Prompt<ResponderVariables> = {
  id: 'responder',
  version: 1,
  messages({ conversation, revealed }) {
    const messages = [
      system(
        'You chat with a person the way a good friend does: natural, warm, to the point. ' +
          'Answer the last message in at most three short sentences. Do not sound like an assistant.',
      ),
      ...conversation,
    ];
    const last = messages.at(-1);
    if (revealed.length === 0 || last === undefined) return messages;
    const hint = `(What you know about me: ${revealed.map(({ text }) => text).join('; ')}. Answer in the way that suits me, without repeating this.)`;
    return [...messages.slice(0, -1), user(`${last.content}\n\n${hint}`)];
  },
};
