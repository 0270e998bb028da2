import { hasEmoji, hasList } from '../../personas/rules/text-features.ts';
import type { TextCheck } from './text-check.ts';

/** Words, numbers and single Chinese characters. Punctuation is left out: "!" against "." expresses no preference. */
const TOKEN = /\p{Script=Han}|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)*/gu;
/**
 * Similarity from which two responses are nearly identical: one different word in twenty. DPO on pairs that differ in so
 * little lowers the probability of both (Pal et al. 2024, "Smaug", arXiv 2402.13228).
 */
const NEARLY = 0.95;
/** Words. The time grows with the square, so longer responses are not compared. */
const LONGEST = 2_000;

/** Finds pairs whose responses differ in hardly a word; those that are the same have a reason of their own. A list on one side alone, or emoji, is a difference in form that people do mind. */
export const nearIdenticalCheck: TextCheck = {
  fault: 'near-identical',
  find({ preferred, rejected }) {
    if (rejected === null || plain(preferred) === plain(rejected)) return null;
    if ([hasList, hasEmoji].some((has) => has(preferred) !== has(rejected))) return null;
    const [one, other] = [tokensOf(preferred), tokensOf(rejected)];
    const similarity = isNear(one, other) ? similarityOf(one, other) : 0;
    return similarity < NEARLY ? null : `similarity ${similarity.toFixed(2)}`;
  },
};

function plain(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
}

function tokensOf(text: string): readonly string[] {
  return text.normalize('NFKC').toLowerCase().replaceAll('’', "'").match(TOKEN) ?? [];
}

/** Whether the similarity can reach the threshold, by how often each token occurs. Rules out nearly all pairs, at little cost. */
function isNear(one: readonly string[], other: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const token of one) counts.set(token, (counts.get(token) ?? 0) + 1);
  let shared = 0;
  for (const token of other) {
    const left = counts.get(token) ?? 0;
    if (left > 0) shared += 1;
    counts.set(token, left - 1);
  }
  return 2 * shared >= NEARLY * (one.length + other.length) && shared > 0 && one.length <= LONGEST;
}

/** Twice the length of the longest common subsequence, divided by the tokens of both: 0 to 1. */
function similarityOf(one: readonly string[], other: readonly string[]): number {
  let row = new Uint32Array(other.length + 1);
  for (const token of one) {
    const next = new Uint32Array(other.length + 1);
    for (const [index, each] of other.entries()) {
      next[index + 1] = token === each ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!);
    }
    row = next;
  }
  return (2 * row[other.length]!) / (one.length + other.length);
}
