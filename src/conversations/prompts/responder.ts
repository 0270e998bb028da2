import { type Message, system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import { isTrait, type Statement } from '../../personas/persona.ts';
import { findToldStatements, messageWords } from '../../personas/rules/told-statements.ts';

/** Variables of {@link responderPrompt}. */
export interface ResponderVariables {
  /** The conversation so far, ending with the user message to answer. */
  readonly conversation: readonly Message[];
  /** Statements revealed so far. Empty for the rejected response, which gets no hint. */
  readonly revealed: readonly Statement[];
}

const RULES = system(
  'You chat with a person the way a good friend does: natural, warm, to the point. ' +
    'Take up what the last message says, and add something of your own: a thought, an honest opinion, help where it is wanted. ' +
    'Let the warmth be in what you say, not in praise or exclamation marks. Write about as much as the person does. ' +
    'Most replies end without a question; ask one only when the answer matters. Do not sound like an assistant.',
);

/**
 * Asks for a response to a user message. Preferred and rejected requests are identical except for the hint at the end,
 * which never becomes part of the conversation. So a provider's prefix cache serves both, and the next turn.
 *
 * The shared part asks for a good, warm reply, and the hint adds only what suits this person. So the two differ in fit,
 * and not in quality.
 */
export const responderPrompt: Prompt<ResponderVariables> = {
  id: 'responder',
  version: 3,
  messages({ conversation, revealed }) {
    const messages = [RULES, ...conversation];
    const last = messages.at(-1);
    if (revealed.length === 0 || last === undefined) return messages;
    const known = worthTelling(revealed, conversation).map(({ text }) => text);
    const hint =
      `(What you know about me: ${known.join('; ')}. Answer as somebody like that likes to be answered, in tone, length and form, ` +
      'even against the rules above; that need not be the way I write. Repeat none of this, and bring up nothing about me that I have not told you.)';
    return [...messages.slice(0, -1), user(`${last.content}\n\n${hint}`)];
  },
};

/**
 * The traits. What the user has told of a fact is in the conversation, and the rest of it would be a secret. Without a trait,
 * facts are the hint, or the two requests would be the same: those that the user has told in so many words, if there are any.
 */
function worthTelling(
  revealed: readonly Statement[],
  conversation: readonly Message[],
): readonly Statement[] {
  const traits = revealed.filter(({ id }) => isTrait(id));
  if (traits.length > 0) return traits;
  const said = conversation.filter(({ role }) => role === 'user').map(messageWords);
  const told = new Set(findToldStatements(said, revealed));
  return told.size > 0 ? revealed.filter(({ id }) => told.has(id)) : revealed;
}
