import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import type { Candidate } from '../candidate.ts';
import { exampleConversation } from '../prompts/example-variables.ts';
import { reminderPrompt } from '../prompts/reminder.ts';
import { type BaselineOptions, checkBaseline } from './baseline-options.ts';

/** Options of {@link reminder}. */
export type ReminderOptions = BaselineOptions<{ readonly conversation: readonly Message[] }>;

/**
 * Baseline: at each turn the model is reminded to infer the user's preferences and to answer accordingly. One call per
 * turn.
 *
 * @example
 * ```ts
 * const result = await evaluator.evaluate(reminder(openai('gpt-4o')));
 * ```
 *
 * @throws InvalidOptionError if `model` is not a `ChatModel`.
 */
export function reminder(model: ChatModel, options: ReminderOptions = {}): Candidate {
  checkBaseline('reminder()', model, options);
  const { name = `${model.id}, reminded`, prompt = reminderPrompt } = options;
  return {
    name,
    model,
    prompt: lockPrompt(prompt, { conversation: exampleConversation }),
    messages: (conversation) => prompt.messages({ conversation }),
  };
}
