import { escapePattern } from '../../internal/escape-pattern.ts';
import { FRIEND } from '../clean-message.ts';
import { firstNameOf } from './stated-facts.ts';
import type { UserCheck } from './user-check.ts';

const OTHER_SIDE = new RegExp(String.raw`^(?:\*\*)?(?:${FRIEND}|write about this)(?:\*\*)?\s*:`, 'i');

// People also say "I can't write today" or "I'm sorry, but I can't come". Only refusals of a request count.
const REFUSAL = new RegExp(
  [
    String.raw`\bi(?: can(?:['’]|no)t|(?: am|['’]m) (?:un|not )able to| won['’]t be able to) (?:comply|fulfil+\b|engage in|role-?play|pretend to be|(?:help|assist)(?: you)? with (?:that|this)|(?:provide|create|generate|write|continue)(?: with)? (?:that|this|such|any|messages?|content|as)\b)`,
    String.raw`\bi(?:['’]m| am) sorry,? (?:but )?i(?: can(?:['’]|no)t|(?: am|['’]m) unable to) (?:do that|help|assist|provide)\b`,
    String.raw`\bagainst my (?:guidelines|programming)`,
  ].join('|'),
  'i',
);

const ROLE_SLIP = new RegExp(
  [
    String.raw`\bthe person (?:writes|says|shares|types|(?:would|might|could) (?:write|say))\b`,
    String.raw`\b(?:stay|remain|break)(?:ing)? (?:in )?character\b`,
    String.raw`\b(?:in|for|of|continue) (?:this|the|our) role-?play(?:ing)?\b|\bthis is (?:just |only )?a role-?play\b`,
  ].join('|'),
  'i',
);

// People can be AI researchers, assistants and role-players, so only whole phrases give a model away.
const MODEL =
  '(?:ai|artificial intelligence|(?:ai |large |ai )?language model|ai (?:assistant|chatbot|model)|chatbot)';
const ASSISTANT_VOICE = new RegExp(
  [
    String.raw`\bas an? ${MODEL}(?=\s*(?:[,.;:!?]|$)|\s+i\b)`,
    String.raw`\bi(?:['’]m| am) (?:just |only )?(?:an?|your) (?:${MODEL}|(?:helpful|virtual|digital) assistant)(?=\s*(?:[,.;:!?]|$)|\s+(?:and|so|that|here|created|trained|designed|without|made)\b)`,
    String.raw`\bhow (?:can|may) i (?:help|assist) you(?: today)?\s*\?`,
    String.raw`\bi(?:['’]m| am) here to (?:help|assist|support) you\b`,
    String.raw`\bi(?:['’]d| would) be (?:happy|glad) to (?:help|assist)(?: you)?\b`,
    String.raw`\b(?:is there )?anything else i can (?:help|assist)(?: you)?\b`,
    String.raw`\b(?:feel free to|do not hesitate to|don['’]t hesitate to) (?:ask|reach out|share|let me know)\b`,
    String.raw`\blet me know if you (?:have any (?:other |more |further )?questions|need any(?:thing else| help| assistance| more| further))`,
    String.raw`^(?:certainly|absolutely|of course|sure)[!,.] (?:here (?:is|are)\b|i can help\b)`,
    String.raw`\bi hope this helps\b`,
  ].join('|'),
  'i',
);
const LIST_LINE = /^\s*(?:[-*•]|\d{1,2}[.)])\s+\S/;

export const emptyCheck: UserCheck = {
  problem: 'empty',
  tolerable: false,
  find: (text) => (/[\p{L}\p{N}]/u.test(text) ? null : 'it held no words'),
};

export const refusalCheck: UserCheck = {
  problem: 'refusal',
  tolerable: false,
  find: (text) => (REFUSAL.test(text) ? 'it refused to write; nothing here speaks against writing' : null),
};

export const roleSlipCheck: UserCheck = {
  problem: 'role-slip',
  tolerable: false,
  find: (text) => (ROLE_SLIP.test(text) ? 'it spoke about the person instead of as the person' : null),
};

/** Finds messages from the other side: they begin with its label, or greet the user by name. */
export const roleReversalCheck: UserCheck = {
  problem: 'role-reversal',
  tolerable: false,
  find(text, { persona }) {
    if (OTHER_SIDE.test(text)) return "it wrote the friend's part; write the person's";
    const name = firstNameOf(persona);
    return name !== null && greets(text, name) ? `it spoke to ${name}, but ${name} is who writes` : null;
  },
};

/** Finds phrases and lists that are typical of assistants. */
export const assistantVoiceCheck: UserCheck = {
  problem: 'assistant-voice',
  tolerable: false,
  find(text, _context, reply) {
    const lines = reply.split('\n').filter((line) => LIST_LINE.test(line)).length;
    return ASSISTANT_VOICE.test(text) || lines >= 3
      ? 'it sounded like an assistant; people chat, and neither offer help nor write lists'
      : null;
  },
};

const GREETING = String.raw`(?:hi|hey|hello|dear|thanks|thank you|sorry|good (?:morning|afternoon|evening))(?: there)?,?\s+`;

/** Whether a text begins by addressing somebody by name: "Hey Marit …", "Marit, …". */
function greets(text: string, name: string): boolean {
  const escaped = escapePattern(name);
  return new RegExp(String.raw`^(?:${GREETING}${escaped}(?![\p{L}'’-])|${escaped}[,!]\s)`, 'iu').test(text);
}
