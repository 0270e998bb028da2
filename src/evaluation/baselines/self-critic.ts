import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import { withoutReasoning } from '../../models/without-reasoning.ts';
import type { Candidate } from '../candidate.ts';
import { exampleConversation, exampleResponse } from '../prompts/example-variables.ts';
import { type SelfCriticVariables, selfCriticPrompt } from '../prompts/self-critic.ts';
import { isSilent } from '../silent-response.ts';
import { type BaselineOptions, checkBaseline } from './baseline-options.ts';

/** Options of {@link selfCritic}. */
export type SelfCriticOptions = BaselineOptions<SelfCriticVariables>;

/**
 * Baseline: the model answers, criticises its answer in light of what the user seems to like, and answers again. Three
 * calls per turn. If a step returns nothing, the first answer is used.
 *
 * @example
 * ```ts
 * const result = await evaluator.evaluate(selfCritic(openai('gpt-4o')));
 * ```
 *
 * @throws InvalidOptionError if `model` is not a `ChatModel`.
 */
export function selfCritic(model: ChatModel, options: SelfCriticOptions = {}): Candidate {
  checkBaseline('selfCritic()', model, options);
  const { name = `${model.id}, self-critic`, prompt = selfCriticPrompt } = options;
  return {
    name,
    model,
    prompt: lockPrompt(
      prompt,
      { conversation: exampleConversation, draft: exampleResponse },
      { conversation: exampleConversation, draft: exampleResponse, critique: 'Too plain.' },
    ),
    async respond({ conversation, ask }) {
      const first = await ask(conversation, 'draft');
      const draft = withoutReasoning(first).trim();
      if (isSilent(draft)) return first;
      const critique = withoutReasoning(
        await ask(prompt.messages({ conversation, draft }), 'critique'),
      ).trim();
      if (isSilent(critique)) return first;
      const second = await ask(prompt.messages({ conversation, draft, critique }), 'answer');
      return isSilent(withoutReasoning(second)) ? first : second;
    },
  };
}
