import { removeStageDirections } from './stage-directions.ts';

/** What is wrong with a text that was to be a user's message. */
export type MessageProblem = 'empty' | 'refusal' | 'role-slip' | 'repetition';

export type CleanedMessage =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: MessageProblem };

const PREAMBLE =
  /^(?:(?:sure|okay|ok|of course|certainly|absolutely)[^\p{L}\n]{1,3})?here(?:['’]s| is) [^:\n]{0,80}\b(?:message|reply|response|text|version|draft|one)\b[^:\n]{0,80}:\s*\n/iu;
const OWN_LABEL =
  /^\s*(?:\*\*)?(?:me|i|user|person|you|message|text|reply|my (?:message|text|reply))(?:\*\*)?\s*:(?:\*\*)?\s*/i;
const FRIEND = '(?:the )?friend(?: answers)?|assistant|ai|bot';
const NEXT_SPEAKER = new RegExp(
  String.raw`\n\s*(?:\*\*)?(?:${FRIEND}|user|person|me|\(?note)(?:\*\*)?\s*:`,
  'i',
);
const NEXT_SPEAKER_INLINE =
  /(?<=[.!?…"”]\s)(?:\*\*)?(?:(?:The friend|Friend)(?: answers)?|Assistant|AI|Bot)(?:\*\*)?:/;
const OTHER_SIDE = new RegExp(String.raw`^(?:\*\*)?(?:${FRIEND}|write about this)(?:\*\*)?\s*:`, 'i');

// People say "I can't write today" and "I'm sorry, but I can't come": only what refuses a request counts.
const REFUSAL = new RegExp(
  [
    String.raw`\bi(?: can(?:['’]|no)t|(?: am|['’]m) (?:un|not )able to| won['’]t be able to) (?:comply|fulfil+\b|engage in|role-?play|pretend to be|(?:help|assist)(?: you)? with (?:that|this)|(?:provide|create|generate|write|continue)(?: with)? (?:that|this|such|any|messages?|content|as)\b)`,
    String.raw`\bi(?:['’]m| am) sorry,? (?:but )?i(?: can(?:['’]|no)t|(?: am|['’]m) unable to) (?:do that|help|assist|provide)\b`,
    String.raw`\bagainst my (?:guidelines|programming)`,
  ].join('|'),
  'i',
);

// People are AI researchers, assistants and role-players too: what gives a model away is the whole phrase.
const MODEL =
  '(?:ai|artificial intelligence|(?:ai |large |ai )?language model|ai (?:assistant|chatbot|model)|chatbot)';
const ROLE_SLIP = new RegExp(
  [
    String.raw`\bas an? ${MODEL}(?=\s*(?:[,.;:!?]|$)|\s+i\b)`,
    String.raw`\bi(?:['’]m| am) (?:just |only )?(?:an?|your) (?:${MODEL}|(?:helpful|virtual|digital) assistant)(?=\s*(?:[,.;:!?]|$)|\s+(?:and|so|that|here|created|trained|designed|without|made)\b)`,
    String.raw`\bhow (?:can|may) i (?:help|assist) you(?: today)?\s*\?`,
    String.raw`\bi(?:['’]m| am) here to (?:help|assist|support) you\b`,
    String.raw`\bthe person (?:writes|says|shares|types|(?:would|might|could) (?:write|say))\b`,
    String.raw`\b(?:stay|remain|break)(?:ing)? (?:in )?character\b`,
    String.raw`\b(?:in|for|of|continue) (?:this|the|our) role-?play(?:ing)?\b|\bthis is (?:just |only )?a role-?play\b`,
  ].join('|'),
  'i',
);

/** Cuts a text that ran into its token limit back to its last whole sentence, where it has one. */
export function toWholeSentences(text: string): string {
  const end = text.trimEnd().match(/^[\s\S]*(?:[.!?…](?=["'”’)\]]*(?:\s|$))["'”’)\]]*|[。！？][」』”]*)/);
  return end === null ? text.trim() : end[0].trim();
}

/**
 * Makes a user's message of what a model wrote for one: labels, quotation marks, stage directions and the
 * other side's lines go; what is left must be a message of a person, and a new one.
 *
 * @param earlier messages of the conversation so far, of both sides.
 */
export function cleanUserMessage(reply: string, earlier: readonly string[]): CleanedMessage {
  // Until nothing changes: one layer can hide another, as in `User: "*sighs* Me: hello"`.
  let text = reply;
  for (let before = ''; text !== before; ) {
    before = text;
    text = peel(text);
  }
  if (!/[\p{L}\p{N}]/u.test(text)) return { ok: false, problem: 'empty' };
  if (REFUSAL.test(text)) return { ok: false, problem: 'refusal' };
  if (OTHER_SIDE.test(text) || ROLE_SLIP.test(text)) return { ok: false, problem: 'role-slip' };
  if (earlier.some((other) => normalise(other) === normalise(text)))
    return { ok: false, problem: 'repetition' };
  return { ok: true, text };
}

function peel(text: string): string {
  const own = text.trim().replace(PREAMBLE, '').replace(OWN_LABEL, '');
  const alone = own.split(NEXT_SPEAKER)[0]!.split(NEXT_SPEAKER_INLINE)[0]!;
  return unquote(
    removeStageDirections(alone)
      .replace(/\s*\n\s*/g, ' ')
      .trim(),
  );
}

function unquote(text: string): string {
  const inner = text.match(/^["“«]([^"“”«»]+)["”»]$/);
  return inner === null ? text : inner[1]!.trim();
}

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
