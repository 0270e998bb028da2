import { assistant, type Message, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';

/** Variables of {@link selfCriticPrompt}. */
export interface SelfCriticVariables {
  /** The conversation so far. It ends with the message to answer. */
  readonly conversation: readonly Message[];
  /** The model's first answer. */
  readonly draft: string;
  /** The model's critique; absent when the prompt asks for it. */
  readonly critique?: string | undefined;
}

/** Asks the model to criticise its answer in light of what the user seems to like, then to rewrite it. */
export const selfCriticPrompt: Prompt<SelfCriticVariables> = {
  id: 'self-critic',
  version: 1,
  messages({ conversation, draft, critique }) {
    const asked = [
      ...conversation,
      assistant(draft),
      user(
        '(Look at your last answer before I see it. What do my messages show about what I like, and where does the answer not suit me: its tone, its length, its topic? Say it in one or two sentences; do not write the answer yet.)',
      ),
    ];
    if (critique === undefined) return asked;
    return [
      ...asked,
      assistant(critique),
      user('(Now write the answer again so that it suits me. Write the answer and nothing else.)'),
    ];
  },
};
