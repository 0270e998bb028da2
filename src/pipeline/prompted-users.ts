import type { OpenedModel } from '../config/open-model.ts';
import type { GenerationSettings } from '../conversations/generation-settings.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from '../conversations/prompts/role-player.ts';
import { steeredRolePlayerPrompt } from '../conversations/prompts/steered-role-player.ts';
import type { Prompt } from '../models/prompt.ts';

/** Two or three sentences, which is what a weak model can write. */
const MAX_STEERED_TOKENS = 80;

/** How the simulated users are prompted: they choose what to write about, or get one fact per message. */
export type UserPrompt = 'free' | 'steered';

/** How the simulated users are prompted and sampled. */
export interface PromptedUsers {
  readonly prompt: Prompt<RolePlayerVariables>;
  readonly userMessages: GenerationSettings;
}

/** How a model plays the users: as wanted, else in the way that suits it. */
export function promptUsers(
  wanted: UserPrompt | undefined,
  { userPrompt = 'free', temperatures }: OpenedModel,
): PromptedUsers {
  const temperature = temperatures?.user;
  return (wanted ?? userPrompt) === 'steered'
    ? {
        prompt: steeredRolePlayerPrompt,
        userMessages: { temperature, maxOutputTokens: MAX_STEERED_TOKENS },
      }
    : { prompt: rolePlayerPrompt, userMessages: { temperature } };
}
