import { contentWords } from '../rules/told-statements.ts';
import { lengthInWords, plainWords } from './plain-words.ts';

/** Own words. Two statements with the same three or more say the same. */
const OWN_WORDS = 3;
/** Words of a loop. Shorter ones are emphasis or laughter: "very, very, very". */
const LOOPED_WORDS = 2;
/** How often the same words follow each other in a loop. */
const TURNS = 3;

/** Two statements in the same words, or one that loops. Null if there is none. */
export function findRepetition(statements: readonly string[]): string | null {
  const seen = new Map<string, string>();
  for (const statement of statements) {
    const words = plainWords(statement);
    if (loops(words)) return statement;
    const own = [...contentWords(statement)].sort();
    // The small words count too: "dislikes tea, not coffee" is not "dislikes coffee, not tea".
    const key = `${own.join(' ')} ${words.length}`;
    const same = seen.get(key);
    if (same !== undefined && own.length >= OWN_WORDS) return `${same} | ${statement}`;
    seen.set(key, statement);
  }
  return null;
}

/** Whether two or more different words come three times in a row. */
function loops(words: readonly string[]): boolean {
  for (let size = 2; size * TURNS <= words.length; size++) {
    for (let start = 0; start + size * TURNS <= words.length; start++) {
      const part = words.slice(start, start + size);
      if (lengthInWords(part) < LOOPED_WORDS || new Set(part).size === 1) continue;
      if (part.every((word, i) => word === words[start + size + i] && word === words[start + 2 * size + i]))
        return true;
    }
  }
  return false;
}
