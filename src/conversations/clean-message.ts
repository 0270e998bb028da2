/** What is wrong with a text that was to be a user's message. */
export type MessageProblem = 'empty' | 'refusal' | 'role-slip' | 'repetition';

export type CleanedMessage =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: MessageProblem };

const OWN_LABEL =
  /^\s*(?:\*\*)?(?:me|i|user|person|you|message|text|reply|my message)(?:\*\*)?\s*:(?:\*\*)?\s*/i;
const OTHER_SIDE =
  /\n\s*(?:\*\*)?(?:friend|assistant|ai|bot|the friend(?: answers)?|user|person|me)(?:\*\*)?\s*:/i;
const DIRECTION_IN_BRACKETS =
  /[([]\s*(?:\w+ly\s+)?(?:smil|laugh|sigh|paus|chuckl|giggl|grin|wink|shrug|nod|blush|frown|groan|gasp|yawn|cough|whisper|roll|star|lean|wav|cry|sob|scoff|smirk)\w*\b[^)\]]{0,60}[)\]]/gi;
const DIRECTION_IN_STARS = /(?<![*\w])\*(?!\*)([^*\n]{1,80})\*(?![*\w])/g;
const ACTION = /^(?:\w+ly\s+)?[a-z]+(?:s|ing)\b/i;
const REFUSAL =
  /\b(?:i(?:'m| am) sorry,? but i (?:can(?:'|no)t|am unable|am not able|won't)|i (?:can(?:'|no)t|am unable to|am not able to) (?:assist|help with|comply|fulfil|continue|write|provide|role-?play|pretend))/i;
const ROLE_SLIP =
  /\b(?:as an? (?:ai|artificial intelligence|(?:large )?language model|assistant)|i(?:'m| am) (?:an? |your )?(?:ai|artificial intelligence|(?:large )?language model|virtual assistant|ai assistant|chatbot|helpful assistant)\b|how (?:can|may) i (?:help|assist) you|i(?:'m| am) here to (?:help|assist) you|the person(?:'s| (?:is|would|writes|says)) |in character|role-?play(?:ing)?)/i;

/** Removes stage directions such as `*smiles*` or `(laughs)`; emphasis such as `*really*` keeps its word. */
export function removeStageDirections(text: string): string {
  return text
    .replace(DIRECTION_IN_STARS, (_whole, inner: string) => {
      const words = inner.trim().split(/\s+/).length;
      return words > 1 || /^[a-z]+s$/i.test(inner.trim()) ? (ACTION.test(inner.trim()) ? '' : inner) : inner;
    })
    .replace(DIRECTION_IN_BRACKETS, '')
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/ +([.,!?])/g, '$1')
    .trim();
}

/** Cuts a text that ran into its token limit back to its last whole sentence, where it has one. */
export function toWholeSentences(text: string): string {
  const end = text.trimEnd().match(/^[\s\S]*[.!?…](?=["'”’)\]]*(?:\s|$))["'”’)\]]*/);
  return end === null ? text.trim() : end[0].trim();
}

/**
 * Makes a user's message of what a model wrote for one: labels, quotation marks, stage directions and the other
 * side's lines go; what is left must be a message of a person, and a new one.
 *
 * @param earlier messages of the conversation so far, of both sides.
 */
export function cleanUserMessage(reply: string, earlier: readonly string[]): CleanedMessage {
  const own = reply.replace(OWN_LABEL, '').split(OTHER_SIDE)[0]!;
  const text = unquote(removeStageDirections(own))
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  if (!/[\p{L}\p{N}]/u.test(text)) return { ok: false, problem: 'empty' };
  if (REFUSAL.test(text)) return { ok: false, problem: 'refusal' };
  if (ROLE_SLIP.test(text)) return { ok: false, problem: 'role-slip' };
  if (earlier.some((other) => normalise(other) === normalise(text)))
    return { ok: false, problem: 'repetition' };
  return { ok: true, text };
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
