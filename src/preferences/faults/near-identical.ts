import { singleSpaces } from '../../internal/single-spaces.ts';
import { hasEmoji, hasList } from '../../personas/rules/text-features.ts';
import type { TextCheck } from './text-check.ts';

/** Words, numbers and single Chinese characters. Punctuation is left out: "!" against "." expresses no preference. */
const TOKEN = /\p{Script=Han}|[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)*/gu;
/**
 * Similarity from which two responses are nearly identical: one different word in twenty. DPO on pairs that differ in so
 * little lowers the probability of both (Pal et al. 2024, "Smaug", arXiv 2402.13228).
 */
const NEARLY = 0.95;

/**
 * Finds pairs whose responses differ in hardly a word; those that are the same have a reason of their own. A list on one side
 * alone, or emoji, is a difference in form that people do mind.
 */
export const nearIdenticalCheck: TextCheck = {
  fault: 'near-identical',
  find({ preferred, rejected }) {
    if (rejected === null || plain(preferred) === plain(rejected)) return null;
    if ([hasList, hasEmoji].some((has) => has(preferred) !== has(rejected))) return null;
    const similarity = similarityOf(tokensOf(preferred), tokensOf(rejected));
    return similarity >= NEARLY ? `similarity ${similarity.toFixed(2)}` : null;
  },
};

function plain(text: string): string {
  return singleSpaces(text.normalize('NFKC')).trim().toLowerCase();
}

function tokensOf(text: string): readonly string[] {
  return plain(text).replaceAll('’', "'").match(TOKEN) ?? [];
}

/** The words that both have, in whatever order, as a share of all: 0 to 1, and NaN for two texts without words. */
function similarityOf(one: readonly string[], other: readonly string[]): number {
  const left = new Map<string, number>();
  for (const token of one) left.set(token, (left.get(token) ?? 0) + 1);
  let shared = 0;
  for (const token of other) {
    const count = left.get(token) ?? 0;
    if (count === 0) continue;
    shared += 1;
    left.set(token, count - 1);
  }
  return (2 * shared) / (one.length + other.length);
}
