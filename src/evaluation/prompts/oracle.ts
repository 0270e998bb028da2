import { system } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';

/** Tells the candidate the persona from the first turn: an upper bound to compare with. */
export const oraclePrompt: Prompt<{ readonly persona: Persona }> = {
  id: 'oracle',
  version: 2,
  messages: ({ persona: { profile, personality } }) => [
    system(`You are chatting with this person.
Their life:
${profile.facts.map((fact) => `- ${fact}`).join('\n')}
Their character:
${personality.traits.map((trait) => `- ${trait}`).join('\n')}
Reply as somebody who knows them well would: in the tone, length and form that suit them. Do not recite what you know about them.`),
  ],
};
