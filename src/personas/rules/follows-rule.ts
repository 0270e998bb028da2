import { readFormality } from './formality.ts';
import type { Rule } from './persona-rule.ts';
import { asksQuestion, countWords, hasEmoji, hasList, namesAny } from './text-features.ts';

/**
 * Whether a response follows a rule. The result is deterministic, and claims a response makes about itself have no
 * effect.
 *
 * - `length`: number of words, as Unicode segments them. Both bounds are inclusive.
 * - `emoji`: any pictograph, flag or keycap.
 * - `question`: a question mark after a word, outside code and links. Rhetorical questions count.
 * - `list`: at least two lines that begin with a bullet or a number.
 * - `formality`: English only. Formal text has no contractions, words and phrases of speech, chat or insult ("yeah", "shut
 *   up"), sentences without their subject ("Sounds good") or careless spelling ("i", "u", "sooo", "!!", no capital at the
 *   beginning). Casual text has at least one of these per 40 words. Anything in between is neither.
 * - `vocabulary`, `topic`: at least one of the words, as a whole word in any case. Inflected forms do not count.
 *
 * @example
 * ```ts
 * followsRule({ kind: 'length', maxWords: 20 }, response.text);
 * ```
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
