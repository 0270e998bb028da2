import { type Message, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';

/** Variables of {@link chainOfThoughtPrompt}. */
export interface ChainOfThoughtVariables {
  /** The conversation so far. It ends with the message to answer. */
  readonly conversation: readonly Message[];
  /** The model's thoughts; absent when the prompt asks for them. */
  readonly thoughts?: string | undefined;
}

/** Asks the model to think about the user, then to answer with these thoughts in view. */
export const chainOfThoughtPrompt: Prompt<ChainOfThoughtVariables> = {
  id: 'chain-of-thought',
  version: 1,
  messages({ conversation, thoughts }) {
    const last = conversation.at(-1);
    if (last === undefined) return [];
    const note =
      thoughts === undefined
        ? '(Do not answer yet. Think step by step: what do my messages show about me, how do I like to be answered, what would a good answer to this last message be for me? Write down your thoughts in a few sentences.)'
        : `(Your thoughts about this: ${thoughts}\nNow answer me by them. Write the answer and nothing of the thoughts.)`;
    return [...conversation.slice(0, -1), user(`${last.content}\n\n${note}`)];
  },
};
