import type { StringArgDef } from 'citty';
import { checkChoice } from '../internal/options.ts';
import type { UserPrompt } from '../pipeline/prompted-users.ts';

/** The flag that says how the simulated users are prompted. */
export const userPromptArg: StringArgDef = {
  type: 'string',
  description:
    'free: simulated users choose what to write about; steered: one given fact per message, for weak models (default: steered for the embedded model, else free).',
};

/** @throws InvalidOptionError unless it is `free`, `steered` or undefined. */
export function readUserPrompt(given: string | undefined): UserPrompt | undefined {
  return given === undefined
    ? undefined
    : checkChoice<UserPrompt>('user-prompt', given as UserPrompt, ['free', 'steered']);
}
