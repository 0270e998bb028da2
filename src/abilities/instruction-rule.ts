import * as z from 'zod';
import { escapePattern } from '../internal/escape-pattern.ts';
import { languageOf } from '../internal/text-language.ts';
import { countWords, namesAny } from '../personas/rules/text-features.ts';

/** What an instruction asks of a response, so that code can check it. {@link followsInstruction} says how. */
export type InstructionRule =
  | { readonly kind: 'words'; readonly min?: number | undefined; readonly max?: number | undefined }
  | { readonly kind: 'sentences' | 'paragraphs' | 'bullets'; readonly count: number }
  | { readonly kind: 'includes' | 'excludes'; readonly words: readonly string[] }
  | { readonly kind: 'repeats'; readonly word: string; readonly times: number }
  | { readonly kind: 'json'; readonly keys: readonly string[] }
  | { readonly kind: 'language'; readonly code: string }
  | { readonly kind: 'case'; readonly letters: 'lower' | 'upper' }
  | { readonly kind: 'starts' | 'ends'; readonly text: string }
  | { readonly kind: 'without'; readonly characters: string }
  | { readonly kind: 'quoted' };

const text = z.string().min(1);
const count = z.int().min(1);

/** Checks an {@link InstructionRule}. */
export const instructionRuleSchema: z.ZodType<InstructionRule> = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('words'), min: count.optional(), max: count.optional() })
    .refine(({ min, max }) => min !== undefined || max !== undefined, {
      error: 'a rule on words needs min, max or both',
    }),
  z.strictObject({ kind: z.enum(['sentences', 'paragraphs', 'bullets']), count }),
  z.strictObject({ kind: z.enum(['includes', 'excludes']), words: z.array(text).min(1) }),
  z.strictObject({ kind: z.literal('repeats'), word: text, times: count }),
  z.strictObject({ kind: z.literal('json'), keys: z.array(text).min(1) }),
  z.strictObject({ kind: z.literal('language'), code: text }),
  z.strictObject({ kind: z.literal('case'), letters: z.enum(['lower', 'upper']) }),
  z.strictObject({ kind: z.enum(['starts', 'ends']), text }),
  z.strictObject({ kind: z.literal('without'), characters: text }),
  z.strictObject({ kind: z.literal('quoted') }),
]);

/**
 * Whether a response does what an instruction asks. A response without a letter or digit follows none. What counts:
 *
 * - `words`, `sentences`: as Unicode segments them. `paragraphs`: blocks between empty lines. `bullets`: lines that begin
 *   with `-`, `*`, `+`, `•` or a number.
 * - `includes` (all), `excludes` (none), `repeats` (at least so often): whole words in any case.
 * - `json`: the whole response is a JSON object with these keys, without a code fence.
 * - `language`: by its commonest words or its script, so a mixed or very short response is in none.
 * - `case`: no letter of the other case. `starts`, `ends`: these very characters. `without`: none of these characters.
 * - `quoted`: double quotation marks around the whole response, straight or curly.
 */
export function followsInstruction(rule: InstructionRule, response: string): boolean {
  const answer = response.trim();
  return /[\p{L}\p{N}]/u.test(answer) && holds(rule, answer);
}

function holds(rule: InstructionRule, answer: string): boolean {
  switch (rule.kind) {
    case 'words': {
      const words = countWords(answer);
      return words >= (rule.min ?? 0) && words <= (rule.max ?? Infinity);
    }
    case 'sentences':
      return countSentences(answer) === rule.count;
    case 'paragraphs':
      return answer.split(/\n[^\S\n]*\n\s*/).length === rule.count;
    case 'bullets':
      return answer.split('\n').filter((line) => BULLET.test(line)).length === rule.count;
    case 'includes':
      return rule.words.every((word) => namesAny([word], answer));
    case 'excludes':
      return !namesAny(rule.words, answer);
    case 'repeats':
      return countWord(rule.word, answer) >= rule.times;
    case 'json':
      return isObjectWith(rule.keys, answer);
    case 'language':
      return languageOf(answer) === rule.code;
    case 'case':
      return !(rule.letters === 'lower' ? /\p{Lu}|\p{Lt}/u : /\p{Ll}/u).test(answer);
    case 'starts':
      return answer.startsWith(rule.text);
    case 'ends':
      return answer.endsWith(rule.text);
    case 'without':
      return ![...rule.characters].some((character) => answer.includes(character));
    case 'quoted':
      return /^["“”][^"“”]+["“”]$/.test(answer);
  }
}

const BULLET = /^[^\S\n]*(?:[-*+•]|\d{1,3}[.)])[^\S\n]+\S/;

// Made when first needed: it takes some milliseconds, too long for an import.
let segmenter: Intl.Segmenter | undefined;

/** Segments with a letter or digit: a lone quotation mark or emoji at the end is no sentence. */
function countSentences(answer: string): number {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'sentence' });
  const segments = [...segmenter.segment(answer)];
  return segments.filter(({ segment }) => /[\p{L}\p{N}]/u.test(segment)).length;
}

function countWord(word: string, answer: string): number {
  const whole = String.raw`(?<![\p{L}\p{M}\p{N}_])${escapePattern(word)}(?![\p{L}\p{M}\p{N}_])`;
  return answer.match(new RegExp(whole, 'giu'))?.length ?? 0;
}

function isObjectWith(keys: readonly string[], answer: string): boolean {
  try {
    const value: unknown = JSON.parse(answer);
    return (
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      keys.every((key) => Object.hasOwn(value, key))
    );
  } catch {
    return false;
  }
}
