import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import type { Candidate } from '../candidate.ts';
import { examplePersona } from '../prompts/example-variables.ts';
import { oraclePrompt } from '../prompts/oracle.ts';
import { type BaselineOptions, checkBaseline } from './baseline-options.ts';

/** Options of {@link oracle}. */
export type OracleOptions = BaselineOptions<{ readonly persona: Persona }>;

/**
 * Baseline: the model is told the persona before the first turn. It shows what perfect inference would achieve.
 *
 * @example
 * ```ts
 * const told = await evaluator.evaluate(oracle(openai('gpt-4o')));
 * ```
 *
 * @throws InvalidOptionError if `model` is not a `ChatModel`.
 */
export function oracle(model: ChatModel, options: OracleOptions = {}): Candidate {
  checkBaseline('oracle()', model, options);
  const { name = `${model.id}, told the persona`, prompt = oraclePrompt } = options;
  return {
    name,
    model,
    prompt: lockPrompt(prompt, { persona: examplePersona }),
    messages: (conversation, { persona }) => [...prompt.messages({ persona }), ...conversation],
  };
}
