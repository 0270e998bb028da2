import { describeUser } from '../../conversations/prompts/describe-user.ts';
import { system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';

/** Variables of {@link judgeItemsPrompt}. */
export interface JudgeItemsVariables {
  readonly persona: Persona;
  /** What the user wants done, such as "wants a toast written". Undefined for nothing. */
  readonly task?: string | undefined;
  /** Number of questions to write. */
  readonly count: number;
}

/** Writes the checklist for one user, used for all replies to that user. */
export const judgeItemsPrompt: Prompt<JudgeItemsVariables> = {
  id: 'judge-items',
  version: 1,
  messages: ({ persona, task, count }) => [
    system(`You write the questions by which replies to one particular user are checked, one reply at a time.
Rules:
- Each question is about one thing that can be seen in the reply itself: its tone, its length, its manner, what it takes up.
- It is answered with yes when the reply suits this user, and with no when it does not.
- A reply that would do for anybody gets no for most of them.
- It can be asked of every reply in a long chat, whatever the chat has come to.
- No two ask the same.`),
    user(`${describeUser(persona, task)}

Write ${count} such questions, most about the character. Answer in JSON: {"items": ["Does the reply …?", …]}.`),
  ],
};
