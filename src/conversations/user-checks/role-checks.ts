import { FRIEND } from '../clean-message.ts';
import { findEcho } from './brief.ts';
import { nameMatcher } from './name-matcher.ts';
import { findPhrase } from './phrases/find-phrase.ts';
import { firstNameOf, isWordToo } from './stated-facts.ts';
import type { UserCheck } from './user-check.ts';

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

const OTHER_SIDE = new RegExp(String.raw`^(?:\*\*)?(?:${FRIEND}|write about this)(?:\*\*)?\s*:`, 'i');
/** A variable of a prompt that was not filled in. */
const PLACEHOLDER =
  /\{\{? ?(?:persona|name|fact|focus|topic|message|user|traits?) ?\}\}?|\[(?:persona|name|fact|topic)\]/i;

export const emptyCheck: UserCheck = {
  problem: 'empty',
  tolerable: false,
  find: ({ text }) => (/[\p{L}\p{N}]/u.test(text) ? null : 'it held no words'),
};

export const refusalCheck: UserCheck = {
  problem: 'refusal',
  tolerable: false,
  find: ({ spoken }) =>
    REFUSAL.test(spoken) ? 'it refused to write; nothing here speaks against writing' : null,
};

export const roleSlipCheck: UserCheck = {
  problem: 'role-slip',
  tolerable: false,
  find: ({ spoken }) =>
    ROLE_SLIP.test(spoken) ? 'it spoke about the person instead of as the person' : null,
};

/** Finds the label of the other side. */
export const otherSideCheck: UserCheck = {
  problem: 'role-reversal',
  tolerable: false,
  find: ({ text }) => (OTHER_SIDE.test(text) ? "it wrote the friend's part; write the person's" : null),
};

/** Finds formulas that are typical of assistants. */
export const assistantVoiceCheck: UserCheck = {
  problem: 'assistant-voice',
  tolerable: false,
  find({ spoken }) {
    const phrase = findPhrase('assistantVoice', spoken);
    return phrase === null ? null : `it sounded like an assistant ("${phrase}"); write as this person chats`;
  },
};

/** Finds words of the prompt: of the one that was sent, if it is known, and of prompts in general. */
export const promptEchoCheck: UserCheck = {
  problem: 'prompt-echo',
  tolerable: false,
  find({ spoken }, { brief, persona }) {
    const name = firstNameOf(persona);
    const echo =
      (name === null ? undefined : introductionOf(name).exec(spoken)?.[0]) ??
      (brief === undefined ? undefined : findEcho(spoken, brief)) ??
      PLACEHOLDER.exec(spoken)?.[0] ??
      findPhrase('labels', spoken) ??
      findPhrase('promptEcho', spoken);
    return echo === null ? null : `it repeated the instructions ("${echo}"); write the message alone`;
  },
};

/** Matches what a script puts before a line: "marit:", "marit writes …", "as marit, …". */
const introductionOf = nameMatcher((name) =>
  isWordToo(name)
    ? `^[*("]{0,2}${name}[*)]{0,2} ?[:：]`
    : String.raw`^(?:as|als|como|en tant que|作为) ?${name}(?![\p{L}-])|^[*("]{0,2}${name}(?: [\p{L}-]{1,20}){0,2}[*)]{0,2} ?[:：]|^${name} (?:would|will|might|würde|diría|dirait|says|writes|replies|answers|schreibt|antwortet|escribe|responde|écrit|répond)(?![\p{L}])`,
);
