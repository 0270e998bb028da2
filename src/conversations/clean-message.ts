import { removeStageDirections } from './stage-directions.ts';
import { CODE } from './user-checks/phrases/plain-speech.ts';

const PREAMBLE =
  /^(?:(?:sure|okay|ok|of course|certainly|absolutely)[^\p{L}\n]{1,3})?here(?:['’]s| is) [^:\n]{0,80}\b(?:message|reply|response|text|version|draft|one)\b[^:\n]{0,80}:\s*\n/iu;
const OWN_LABEL =
  /^\s*(?:\*\*)?(?:me|i|user|person|you|message|text|reply|my (?:message|text|reply))(?:\*\*)?\s*:(?:\*\*)?\s*/i;
/** Names that models use for the other side. */
export const FRIEND = '(?:the )?friend(?: answers)?|assistant|ai|bot';
const NEXT_SPEAKER = new RegExp(
  String.raw`\n[^\S\n]*(?:\*\*)?(?:${FRIEND}|user|person|me|\(?note)(?:\*\*)?\s*:`,
  'i',
);
const NEXT_SPEAKER_INLINE =
  /(?<=[.!?…"”]\s)(?:\*\*)?(?:(?:The friend|Friend)(?: answers)?|Assistant|AI|Bot)(?:\*\*)?:/;

/** No draft has more. A text of thousands would take minutes. */
const MAX_LAYERS = 20;

/** Cuts a truncated text back to its last complete sentence. Without one, the text stays. */
export function toWholeSentences(text: string): string {
  const end = text.trimEnd().match(/^[\s\S]*(?:[.!?…](?=["'”’)\]]*(?:\s|$))["'”’)\]]*|[。！？][」』”]*)/);
  return end === null ? text.trim() : end[0].trim();
}

/** Characters for private use: each stands for a piece of code while the words around it are cleaned. */
const FIRST_MARK = 0xf0000;
const MARK = /[\u{F0000}-\u{FFFFD}]/gu;

/**
 * Removes labels, quotation marks, stage directions and the other side's lines from a draft of a user message. Code between
 * backticks stays as it is. The result can be empty.
 */
export function cleanUserMessage(reply: string): string {
  const code: string[] = [];
  const words = reply
    .replace(MARK, '')
    .replace(CODE, (piece) => String.fromCodePoint(FIRST_MARK + code.push(piece) - 1));
  return cleanWords(words).replace(MARK, (mark) => code[mark.codePointAt(0)! - FIRST_MARK]!);
}

function cleanWords(words: string): string {
  // One layer can hide another, as in `User: "*sighs* Me: hello"`.
  let text = words;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const before = text;
    text = peel(text);
    if (text === before) break;
  }
  return text;
}

function peel(text: string): string {
  const own = text.trim().replace(PREAMBLE, '').replace(OWN_LABEL, '');
  const alone = own.split(NEXT_SPEAKER)[0]!.split(NEXT_SPEAKER_INLINE)[0]!;
  return unquote(
    removeStageDirections(alone)
      .split('\n')
      .map((line) => line.trim())
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  );
}

function unquote(text: string): string {
  const inner = text.match(/^["“«]([^"“”«»]+)["”»]$/);
  return inner === null ? text : inner[1]!.trim();
}
