import { checkMethod } from '../../internal/options.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import type { Candidate } from '../candidate.ts';
import { examplePersona } from '../prompts/example-variables.ts';
import { oraclePrompt } from '../prompts/oracle.ts';
import type { BaselineOptions } from './baseline-options.ts';

export type OracleOptions = BaselineOptions<{ readonly persona: Persona }>;

/** The model when it is told the persona before the first turn: what perfect inference would give it. */
export function oracle(model: ChatModel, options: OracleOptions = {}): Candidate {
  checkMethod('model', model, 'generate', 'a ChatModel');
  const { name = `${model.id}, told the persona`, prompt = oraclePrompt } = options;
  return {
    name,
    model,
    prompt: lockPrompt(prompt, { persona: examplePersona }),
    messages: (conversation, { persona }) => [...prompt.messages({ persona }), ...conversation],
  };
}
