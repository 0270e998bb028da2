import { describeUser } from '../../conversations/prompts/describe-user.ts';
import {
  type JudgedMaterial,
  MATERIAL_RULE,
  showMaterial,
} from '../../conversations/prompts/judged-material.ts';
import { system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';

/** Variables of {@link judgePrompt} and `judgeAspectsPrompt`. */
export interface JudgePromptVariables extends JudgedMaterial {
  readonly persona: Persona;
  /** What the user wants done, such as "wants a toast written". Undefined for nothing. */
  readonly task?: string | undefined;
}

const RUBRIC = `You rate how well a reply suits one particular user, whom you know.
Look at three things together:
- Style: its tone suits the user's character.
- Topic: it takes up what matters in this user's life, as far as the conversation gives cause.
- Manner: it talks like a person, engages the user and is short.
Scores:
5 = could come from a close friend of this user
4 = suits this user in most ways
3 = would do for anybody
2 = misses this user in style or topic
1 = would put this user off, or talks past them
${MATERIAL_RULE}`;

/**
 * Rates one response by the paper's criteria, in one score. Parts that repeat from turn to turn come first, so that
 * provider caches work.
 */
export const judgePrompt: Prompt<JudgePromptVariables> = {
  id: 'judge',
  version: 2,
  messages: ({ persona, task, conversation, response }) => [
    system(`${RUBRIC}\n\n${describeUser(persona, task)}`),
    user(`${showMaterial({ conversation, response })}

How well does the reply${conversation.length === 0 ? '' : " to the user's last message"} suit this user? Give one short sentence as the reason, then the score. Answer in JSON with "rationale" and "score", a whole number from 1 to 5.`),
  ],
};
