import { describeUser } from '../conversations/prompts/describe-user.ts';
import { MATERIAL_RULE, showConversation, showReply } from '../conversations/prompts/judged-material.ts';
import { SUITS_USER } from '../conversations/prompts/suits-user.ts';
import { type Message, system, user } from '../messages.ts';
import type { Prompt } from '../models/prompt.ts';
import type { Persona } from '../personas/persona.ts';

/** Variables of {@link verifyPairPrompt}. The replies are untrusted: models wrote them. */
export interface VerifyPairVariables {
  /** The whole persona. */
  readonly persona: Persona;
  /** What the user wants done, such as "wants a toast written". Undefined for nothing. */
  readonly task?: string | undefined;
  /** The conversation so far. It ends with the user message that both replies answer. */
  readonly conversation: readonly Message[];
  /** Shown first, as reply A. */
  readonly first: string;
  /** Shown second, as reply B. */
  readonly second: string;
}

const RUBRIC = `You know one particular user. Two replies to the same message of theirs are shown; say which one this user would rather have got. Judge as this user would, with their taste and their knowledge, not by what is polite, usual or well written for anybody.

${SUITS_USER}
- The replies are named A and B by chance. Neither the name nor the place of a reply says anything about it.

Say also by how much: 1 = slightly, this user would be fine with either; 2 = clearly; 3 = by far, the other one would bother them. If they would really not mind which one they got, the replies are equal.
${MATERIAL_RULE}`;

/**
 * Asks which of two replies a user would rather have got, and by how much. Parts that repeat from turn to turn come first, so
 * that provider caches work.
 */
export const verifyPairPrompt: Prompt<VerifyPairVariables> = {
  id: 'verify-pair',
  version: 1,
  messages: ({ persona, task, conversation, first, second }) => [
    system(`${RUBRIC}\n\n${describeUser(persona, task)}`),
    user(`${showConversation(conversation)}
${showReply(first, 'A')}
${showReply(second, 'B')}

Which reply to the user's last message would this user rather have got? Answer in JSON, in this order: "rationale", one short sentence; "better", "A", "B" or "equal"; "by", 1, 2 or 3, and 0 if they are equal.`),
  ],
};
