import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import { withoutReasoning } from '../../models/without-reasoning.ts';
import type { Candidate } from '../candidate.ts';
import { type ChainOfThoughtVariables, chainOfThoughtPrompt } from '../prompts/chain-of-thought.ts';
import { exampleConversation } from '../prompts/example-variables.ts';
import { isSilent } from '../silent-response.ts';
import { type BaselineOptions, checkBaseline } from './baseline-options.ts';

/** Options of {@link chainOfThought}. */
export type ChainOfThoughtOptions = BaselineOptions<ChainOfThoughtVariables>;

/**
 * Baseline: the model writes down its thoughts about the user, then answers. It takes two calls per turn, so the user
 * never sees the thoughts, even if a weak model would mix them into its answer.
 *
 * @example
 * ```ts
 * const result = await evaluator.evaluate(chainOfThought(openai('gpt-4o')));
 * ```
 *
 * @throws InvalidOptionError if `model` is not a `ChatModel`.
 */
export function chainOfThought(model: ChatModel, options: ChainOfThoughtOptions = {}): Candidate {
  checkBaseline('chainOfThought()', model, options);
  const { name = `${model.id}, chain of thought`, prompt = chainOfThoughtPrompt } = options;
  return {
    name,
    model,
    prompt: lockPrompt(
      prompt,
      { conversation: exampleConversation },
      { conversation: exampleConversation, thoughts: 'They joke.' },
    ),
    async respond({ conversation, ask }) {
      const thoughts = withoutReasoning(await ask(prompt.messages({ conversation }), 'thoughts')).trim();
      return ask(isSilent(thoughts) ? conversation : prompt.messages({ conversation, thoughts }), 'answer');
    },
  };
}
