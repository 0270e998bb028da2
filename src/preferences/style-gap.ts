import { hasEmoji, hasList } from '../personas/rules/text-features.ts';
import type { PreferenceRecord } from './preference-record.ts';

/** How many responses show a sign of style, by side. */
export interface SignCounts {
  readonly preferred: number;
  readonly rejected: number;
  /** Pairs in which both responses show it. */
  readonly both: number;
}

/**
 * How often plain signs of style appear on each side of the pairs. Preferred and rejected should differ in what suits one
 * person and not another. A sign that is on one side throughout suits nobody in particular, and DPO learns it for everybody.
 */
export interface StyleGap {
  readonly pairs: number;
  /** Responses that end in a question. */
  readonly question: SignCounts;
  /** Responses with an exclamation mark after a word. */
  readonly exclamation: SignCounts;
  /** Responses with an emoji. */
  readonly emoji: SignCounts;
  /** Responses with at least two list items. */
  readonly list: SignCounts;
}

type Sign = Exclude<keyof StyleGap, 'pairs'>;

const ENDS_IN_QUESTION = /[?？؟][^\p{L}\p{N}?？؟]*$/u;
const EXCLAIMS = /[\p{L}\p{N}][!！]/u;

const SIGNS: Readonly<Record<Sign, { readonly does: string; shows(text: string): boolean }>> = {
  question: { does: 'end in a question', shows: (text) => ENDS_IN_QUESTION.test(text) },
  exclamation: { does: 'have an exclamation mark', shows: (text) => EXCLAIMS.test(text) },
  emoji: { does: 'have an emoji', shows: hasEmoji },
  list: { does: 'have a list', shows: hasList },
};
const NAMES = Object.keys(SIGNS) as Sign[];

/** Collects the style gap of a stream of pairs. */
export interface StyleGapCounter {
  add(pair: Pick<PreferenceRecord, 'preferred' | 'rejected'>): void;
  /** Null if nothing was added. */
  result(): StyleGap | null;
}

export function createStyleGapCounter(): StyleGapCounter {
  let pairs = 0;
  const nothing = () => ({ preferred: 0, rejected: 0, both: 0 });
  const counts = { question: nothing(), exclamation: nothing(), emoji: nothing(), list: nothing() };
  return {
    add({ preferred, rejected }) {
      pairs += 1;
      for (const name of NAMES) {
        const { shows } = SIGNS[name];
        const [onPreferred, onRejected] = [shows(preferred), shows(rejected)];
        if (onPreferred) counts[name].preferred += 1;
        if (onRejected) counts[name].rejected += 1;
        if (onPreferred && onRejected) counts[name].both += 1;
      }
    },
    result: () => (pairs === 0 ? null : { pairs, ...structuredClone(counts) }),
  };
}

const LARGE_GAP = 0.3;
const THREE_SIGMA = 3;

/**
 * Describes each sign that training is likely to pick up, a sentence each: its shares differ by at least 0.3, and by three
 * standard errors of a paired difference (McNemar: the square root of the pairs in which only one side shows it).
 */
export function describeStyleGap(gap: StyleGap): string[] {
  return NAMES.flatMap((name) => {
    const { preferred, rejected, both } = gap[name];
    const difference = Math.abs(preferred - rejected);
    const large = difference >= LARGE_GAP * gap.pairs;
    if (!large || difference < THREE_SIGMA * Math.sqrt(preferred + rejected - 2 * both)) return [];
    return [
      `${preferred} of ${gap.pairs} preferred and ${rejected} rejected responses ${SIGNS[name].does}: a trainer may learn this for everybody.`,
    ];
  });
}
