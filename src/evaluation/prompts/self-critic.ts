import { assistant, type Message, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';

export interface SelfCriticVariables {
  /** The conversation so far, ending with the message to be answered. */
  readonly conversation: readonly Message[];
  /** The model's first answer. */
  readonly draft: string;
  /** What it found wrong with it; absent when it is to look for that. */
  readonly critique?: string | undefined;
}

/** Has a model criticise its answer against what the user seems to like, and write it anew. */
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
