import { readFormality } from './formality.ts';
import type { Rule } from './persona-rule.ts';
import { asksQuestion, countWords, hasEmoji, hasList, namesAny } from './text-features.ts';

/**
 * Whether a response follows a rule. The result is deterministic, and claims a response makes about itself have no
 * effect.
 *
 * - `length`: words as Unicode delimits them, bounds included
 * - `emoji`: a pictograph, flag or keycap
 * - `question`: a question mark after a word, outside of code and links; a rhetorical one counts too
 * - `list`: two lines or more with a bullet or a number
 * - `formality`: English only. Formal is a text without contractions, words of chat ("yeah"), "i" in small, drawn-out
 *   letters and repeated marks; casual has one of them in every 40 words; a text between is neither
 * - `vocabulary`, `topic`: at least one of the words, whole, in any case; other forms of a word are words of their own
 */
export function followsRule(rule: Rule, response: string): boolean {
  switch (rule.kind) {
    case 'length': {
      const { minWords = 0, maxWords = Infinity } = rule;
      const words = countWords(response);
      return words >= minWords && words <= maxWords;
    }
    case 'emoji':
      return hasEmoji(response) === rule.wanted;
    case 'question':
      return asksQuestion(response) === rule.wanted;
    case 'list':
      return hasList(response) === rule.wanted;
    case 'formality':
      return readFormality(response) === rule.wanted;
    case 'vocabulary':
    case 'topic':
      return namesAny(rule.words, response) === rule.wanted;
  }
}
