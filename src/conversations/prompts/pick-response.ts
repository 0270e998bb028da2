import { type Message, system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import { describeUser } from './describe-user.ts';
import { MATERIAL_RULE, showConversation, showReply } from './judged-material.ts';
import { SUITS_USER } from './suits-user.ts';

/** Variables of {@link pickResponsePrompt}. The responses are untrusted: models wrote them. */
export interface PickResponseVariables {
  /** The whole persona. */
  readonly persona: Persona;
  /** What the user wants done, such as "wants a toast written". Undefined for nothing. */
  readonly task?: string | undefined;
  /** The conversation so far. It ends with the user message that the responses answer. */
  readonly conversation: readonly Message[];
  /** The responses by the names they are shown with: A, B, C, … */
  readonly responses: Readonly<Record<string, string>>;
}

const RUBRIC = `You know one particular user. Several replies to the same message of theirs are shown; rate how much this user would like to get each of them. Judge as this user would, with their taste and their knowledge, not by what is polite, usual or well written for anybody.

${SUITS_USER}
- The replies are named by chance. Neither the name nor the place of a reply says anything about it.

Ratings: 10 = just right for this user; 7 = suits them but for a small lapse; 5 = would do for anybody; 3 = more against their taste than for it; 1 = would put them off, or misses what they said. Give two replies the same rating only if this user would not mind which of them they got.
${MATERIAL_RULE}`;

/** Rates several responses to one message, from 1 to 10 each, for the user whose persona it shows. */
export const pickResponsePrompt: Prompt<PickResponseVariables> = {
  id: 'pick-response',
  version: 1,
  messages({ persona, task, conversation, responses }) {
    const names = Object.keys(responses);
    const shown = Object.entries(responses).map(([name, text]) => showReply(text, name));
    return [
      system(`${RUBRIC}\n\n${describeUser(persona, task)}`),
      user(`${showConversation(conversation)}
${shown.join('\n')}

Rate the replies to the user's last message. Answer in JSON, in this order: "rationale", one short sentence; then ${names.map((name) => `"${name}"`).join(', ')}, each a whole number from 1 to 10.`),
    ];
  },
};
