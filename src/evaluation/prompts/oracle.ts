import { system } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';

/** Tells the candidate the persona from the first turn: an upper bound to compare with. */
export const oraclePrompt: Prompt<{ readonly persona: Persona }> = {
  id: 'oracle',
  version: 1,
  messages: ({ persona: { profile, personality } }) => [
    system(`You are chatting with this person.
Their life:
${profile.facts.map((fact) => `- ${fact}`).join('\n')}
Their character:
${personality.traits.map((trait) => `- ${trait}`).join('\n')}
Talk like a friend, in a style and about things that suit them, in at most three sentences. Do not recite what you know about them.`),
  ],
};
