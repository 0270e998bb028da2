import { removeStageDirections } from './stage-directions.ts';

const PREAMBLE =
  /^(?:(?:sure|okay|ok|of course|certainly|absolutely)[^\p{L}\n]{1,3})?here(?:['’]s| is) [^:\n]{0,80}\b(?:message|reply|response|text|version|draft|one)\b[^:\n]{0,80}:\s*\n/iu;
const OWN_LABEL =
  /^\s*(?:\*\*)?(?:me|i|user|person|you|message|text|reply|my (?:message|text|reply))(?:\*\*)?\s*:(?:\*\*)?\s*/i;
/** Names that models use for the other side. */
export const FRIEND = '(?:the )?friend(?: answers)?|assistant|ai|bot';
const NEXT_SPEAKER = new RegExp(
  String.raw`\n\s*(?:\*\*)?(?:${FRIEND}|user|person|me|\(?note)(?:\*\*)?\s*:`,
  'i',
);
const NEXT_SPEAKER_INLINE =
  /(?<=[.!?…"”]\s)(?:\*\*)?(?:(?:The friend|Friend)(?: answers)?|Assistant|AI|Bot)(?:\*\*)?:/;

/** Cuts a truncated text back to its last complete sentence. Without one, the text stays. */
export function toWholeSentences(text: string): string {
  const end = text.trimEnd().match(/^[\s\S]*(?:[.!?…](?=["'”’)\]]*(?:\s|$))["'”’)\]]*|[。！？][」』”]*)/);
  return end === null ? text.trim() : end[0].trim();
}

/**
 * Removes labels, quotation marks, stage directions and the other side's lines from a draft of a user message. The result
 * can be empty.
 */
export function cleanUserMessage(reply: string): string {
  // One layer can hide another, as in `User: "*sighs* Me: hello"`.
  let text = reply;
  for (let before = ''; text !== before; ) {
    before = text;
    text = peel(text);
  }
  return text;
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
