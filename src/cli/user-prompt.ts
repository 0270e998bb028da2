import type { StringArgDef } from 'citty';
import type { GenerationSettings } from '../conversations/generation-settings.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from '../conversations/prompts/role-player.ts';
import { steeredRolePlayerPrompt } from '../conversations/prompts/steered-role-player.ts';
import { checkChoice } from '../internal/options.ts';
import type { Prompt } from '../models/prompt.ts';
import type { ChosenModel } from './choose-model.ts';

/** The flag that says how the simulated users are prompted. */
export const userPromptArg: StringArgDef = {
  type: 'string',
  description:
    'free (the simulated users choose what to write) or steered (each message is about one given fact, for weak models) (default: steered for the embedded model, else free).',
};

/** Two or three sentences, which is what a weak model can write. */
const MOST_STEERED_TOKENS = 80;

/** How the simulated users are prompted and sampled. */
export interface PromptedUsers {
  readonly prompt: Prompt<RolePlayerVariables>;
  readonly userMessages: GenerationSettings;
}

/**
 * How a model is to play the users.
 *
 * @param given The flag. Default: what suits the model.
 * @throws InvalidOptionError unless it is `free` or `steered`.
 */
export function readUserPrompt(
  given: string | undefined,
  { userPrompt = 'free', temperatures }: ChosenModel,
): PromptedUsers {
  const temperature = temperatures?.user;
  return checkChoice('user-prompt', given ?? userPrompt, ['free', 'steered']) === 'steered'
    ? {
        prompt: steeredRolePlayerPrompt,
        userMessages: { temperature, maxOutputTokens: MOST_STEERED_TOKENS },
      }
    : { prompt: rolePlayerPrompt, userMessages: { temperature } };
}
