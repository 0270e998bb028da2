import type { PreferenceRecord } from './preference-record.ts';

/**
 * What a pair's lengths alone say about which response is preferred. DPO learns it: it rewards length, or brevity,
 * whatever the words (Park et al. 2024, "Disentangling Length from Quality in Direct Preference Optimization",
 * arXiv 2403.19159).
 */
export interface LengthBias {
  /** Pairs whose preferred response is the longer one, in Unicode code points. */
  readonly preferredLonger: number;
  readonly rejectedLonger: number;
  readonly equal: number;
  /** Mean of preferred minus rejected, in code points; two decimals. */
  readonly meanDifference: number;
  /**
   * Correlation (Pearson) of the length difference with the preference, -1 to 1, three decimals: positive where the
   * longer response is preferred. Every pair counts in both orders, so that neither place is special; it then is the
   * mean of the differences over the root of the mean of their squares. Null where all lengths are equal.
   */
  readonly correlation: number | null;
}

/** Collects the length bias of a stream of pairs. */
export interface LengthBiasCounter {
  add(pair: Pick<PreferenceRecord, 'preferred' | 'rejected'>): void;
  /** Null when nothing was added. */
  result(): LengthBias | null;
}

export function createLengthBiasCounter(): LengthBiasCounter {
  let count = 0;
  let preferredLonger = 0;
  let rejectedLonger = 0;
  let sum = 0;
  let squares = 0;
  return {
    add(pair) {
      const difference = lengthDifference(pair);
      count += 1;
      if (difference > 0) preferredLonger += 1;
      if (difference < 0) rejectedLonger += 1;
      sum += difference;
      squares += difference ** 2;
    },
    result: () =>
      count === 0
        ? null
        : {
            preferredLonger,
            rejectedLonger,
            equal: count - preferredLonger - rejectedLonger,
            meanDifference: round(sum / count, 2),
            correlation: squares === 0 ? null : round(sum / Math.sqrt(count * squares), 3),
          },
  };
}

/** Code points of the preferred response minus those of the rejected one. */
export function lengthDifference({
  preferred,
  rejected,
}: Pick<PreferenceRecord, 'preferred' | 'rejected'>): number {
  return codePoints(preferred) - codePoints(rejected);
}

const LARGE_EFFECT = 0.5;
const TWO_SIGMA = 2;

/**
 * A sentence for a bias that training will pick up, else null: a correlation that is large (0.5, Cohen 1988) and lies
 * two standard errors from zero, 1 / sqrt(pairs) each.
 */
export function describeLengthBias(bias: LengthBias): string | null {
  const { preferredLonger, rejectedLonger, equal, correlation } = bias;
  const pairs = preferredLonger + rejectedLonger + equal;
  if (correlation === null || Math.abs(correlation) < LARGE_EFFECT) return null;
  if (Math.abs(correlation) * Math.sqrt(pairs) < TWO_SIGMA) return null;
  const [longer, count] = correlation > 0 ? ['preferred', preferredLonger] : ['rejected', rejectedLonger];
  return `the ${longer} response is the longer one in ${count} of ${pairs} pairs (correlation ${correlation}): a trainer may learn length alone.`;
}

function codePoints(text: string): number {
  return Array.from(text).length;
}

function round(value: number, digits: number): number {
  // Adding 0 turns -0 into 0, which JSON would not keep apart.
  return Number(value.toFixed(digits)) + 0;
}
