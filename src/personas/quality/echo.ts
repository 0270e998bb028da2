import { endsOfRuns } from '../../internal/word-runs.ts';
import { lengthInWords, lengthOfWord, plainWords } from './plain-words.ts';

/** Words in a row that a statement shares with the prompt only if it was copied from there. */
const RUN = 6;
/** Words. A whole statement this long that stands in the prompt is the prompt's. */
const WHOLE = 3;

const NTH = String.raw`(?:the |die |das |der |la |el |le )?(?:\d+(?:st|nd|rd|th|\.)?|first|second|third|fourth|fifth|next|last|erste[rs]?|zweite[rs]?|dritte[rs]?|primer[ao]?|segund[ao]|tercer[ao]?|premi[eè]re?|deuxi[eè]me|troisi[eè]me)`;
const ENTRY =
  '(?:profile?|personality|persona|person|temperament|persönlichkeit|profil|perfil|personalidad|personnalité|personne)';
/** A heading over an entry: "The first personality: 18 different ways". */
const HEADING = new RegExp(
  String.raw`^[*#\s]*(?:${NTH} ${ENTRY}|第[一二三四五六七八九十\d]+(?:个|位)?(?:人物|性格|人|档案))\s*(?:[:：–—-]|$)`,
  'iu',
);

/** What a prompt says, ready to be looked up. */
export type PromptWords = string;

/** The words of a prompt's messages without its examples. */
export function promptWords(texts: readonly string[]): PromptWords {
  return ` ${texts.flatMap(plainWords).join(' ')} `;
}

/** The first statement that is a heading, or has words of the prompt. Null if there is none. */
export function findEcho(statements: readonly string[], prompt: PromptWords): string | null {
  return (
    statements.find((statement) => HEADING.test(statement) || isEcho(plainWords(statement), prompt)) ?? null
  );
}

function isEcho(words: readonly string[], prompt: PromptWords): boolean {
  if (lengthInWords(words) >= WHOLE && prompt.includes(` ${words.join(' ')} `)) return true;
  return endsOfRuns(words, RUN, lengthOfWord).some((end, start) =>
    prompt.includes(` ${words.slice(start, end).join(' ')} `),
  );
}
