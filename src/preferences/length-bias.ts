import type { PreferenceRecord } from './preference-record.ts';
import { codePoints } from './text-length.ts';

/**
 * How well length alone predicts which response of a pair is preferred. DPO learns such a bias and then rewards length,
 * or brevity, regardless of content (Park et al. 2024, "Disentangling Length from Quality in Direct Preference
 * Optimization", arXiv 2403.19159).
 */
export interface LengthBias {
  /** Number of pairs whose preferred response is longer, in Unicode code points. */
  readonly preferredLonger: number;
  /** Number of pairs whose rejected response is longer. */
  readonly rejectedLonger: number;
  /** Number of pairs whose responses are equally long. */
  readonly equal: number;
  /** Mean length of preferred minus rejected, in code points, rounded to two decimals. */
  readonly meanDifference: number;
  /**
   * Pearson correlation of length difference and preference, -1 to 1, rounded to three decimals; positive if the longer
   * response tends to be preferred. Each pair counts in both orders, which makes it the mean difference divided by the
   * root mean square difference. Null if the lengths of every pair are equal.
   */
  readonly correlation: number | null;
}

/** Collects the length bias of a stream of pairs. */
export interface LengthBiasCounter {
  add(pair: Pick<PreferenceRecord, 'preferred' | 'rejected'>): void;
  /** Null if nothing was added. */
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

/** Length of the preferred response minus that of the rejected one, in code points. */
export function lengthDifference({
  preferred,
  rejected,
}: Pick<PreferenceRecord, 'preferred' | 'rejected'>): number {
  return codePoints(preferred) - codePoints(rejected);
}

const LARGE_EFFECT = 0.5;
const TWO_SIGMA = 2;

/**
 * Describes a bias that training is likely to pick up: a large correlation (at least 0.5, Cohen 1988) that is two
 * standard errors (1 / sqrt(pairs) each) from zero. Null for a smaller one.
 */
export function describeLengthBias(bias: LengthBias): string | null {
  const { preferredLonger, rejectedLonger, equal, correlation } = bias;
  const pairs = preferredLonger + rejectedLonger + equal;
  if (correlation === null || Math.abs(correlation) < LARGE_EFFECT) return null;
  if (Math.abs(correlation) * Math.sqrt(pairs) < TWO_SIGMA) return null;
  const [longer, count] = correlation > 0 ? ['preferred', preferredLonger] : ['rejected', rejectedLonger];
  return `the ${longer} response is the longer one in ${count} of ${pairs} pairs (correlation ${correlation}): a trainer may learn length alone.`;
}

function round(value: number, digits: number): number {
  // Adding 0 turns -0 into 0, as JSON would: the manifest returned must equal the one in the file.
  return Number(value.toFixed(digits)) + 0;
}
