const HAN_WORD = /\p{Script=Han}|[^\P{L}\p{Script=Han}]+|\p{N}+/gu;
const TOKEN = /[\p{L}\p{N}]+/gu;

/** What a character belongs to. `ELSEWHERE`: only the pattern knows. */
const [NOTHING, WORD, NUMBER, ELSEWHERE] = [0, 1, 2, 3];
/** Latin letters, and the punctuation that goes with them. Texts of these alone are split without patterns, five times as fast. */
const [LATIN, FIRST_MARK, LAST_MARK] = [0x250, 0x2000, 0x206f];

const kinds = Uint8Array.from({ length: LAST_MARK + 1 }, (_, code) => {
  if (code >= LATIN) return code >= FIRST_MARK ? NOTHING : ELSEWHERE;
  const character = String.fromCharCode(code);
  return /\p{L}/u.test(character) ? WORD : /\p{N}/u.test(character) ? NUMBER : NOTHING;
});
/** The same, with numbers as parts of words. */
const joined = kinds.map((kind) => (kind === NUMBER ? WORD : kind));

/** Words, numbers and single Chinese characters: of `B2B in 汉语`, `B`, `2`, `B`, `in`, `汉` and `语`. */
export function wordsIn(text: string): readonly string[] {
  return split(text, kinds) ?? text.match(HAN_WORD) ?? [];
}

/** Letters and digits in a row: of `B2B in 汉语`, `B2B`, `in` and `汉语`. */
export function tokensIn(text: string): readonly string[] {
  return split(text, joined) ?? text.match(TOKEN) ?? [];
}

/** The {@link tokensIn} of a text in lower case, with a space between them: what it says, whatever its punctuation. */
export function plainText(text: string): string {
  return tokensIn(text.toLowerCase()).join(' ');
}

/** The parts of a text. Null if it has a character of another script. */
function split(text: string, kindOf: Uint8Array): string[] | null {
  const parts: string[] = [];
  let start = 0;
  let current = NOTHING;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = code > LAST_MARK ? ELSEWHERE : kindOf[code]!;
    if (kind === current) continue;
    if (kind === ELSEWHERE) return null;
    if (current !== NOTHING) parts.push(text.slice(start, at));
    current = kind;
    start = at;
  }
  if (current !== NOTHING) parts.push(text.slice(start));
  return parts;
}
