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
    'free: simulated users choose what to write about; steered: one given fact per message, for weak models (default: steered for the embedded model, else free).',
};

/** Two or three sentences, which is what a weak model can write. */
const MAX_STEERED_TOKENS = 80;

type UserPrompt = 'free' | 'steered';

/** @throws InvalidOptionError unless it is `free`, `steered` or undefined. */
export function readUserPrompt(given: string | undefined): UserPrompt | undefined {
  return given === undefined
    ? undefined
    : checkChoice<UserPrompt>('user-prompt', given as UserPrompt, ['free', 'steered']);
}

/** How the simulated users are prompted and sampled. */
export interface PromptedUsers {
  readonly prompt: Prompt<RolePlayerVariables>;
  readonly userMessages: GenerationSettings;
}

/** How a model plays the users: as the flag says, else in the way that suits it. */
export function promptUsers(
  wanted: UserPrompt | undefined,
  { userPrompt = 'free', temperatures }: ChosenModel,
): PromptedUsers {
  const temperature = temperatures?.user;
  return (wanted ?? userPrompt) === 'steered'
    ? {
        prompt: steeredRolePlayerPrompt,
        userMessages: { temperature, maxOutputTokens: MAX_STEERED_TOKENS },
      }
    : { prompt: rolePlayerPrompt, userMessages: { temperature } };
}
