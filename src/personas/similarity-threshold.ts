import type { Embedder, SimilarityThreshold } from '../embeddings/embedder.ts';
import { InvalidOptionError } from '../errors.ts';
import { checkNumber } from '../internal/options.ts';
import type { PoolKind } from './pool-data.ts';

/** The threshold of the paper, for embedders without one of their own. */
const PAPER_THRESHOLD = 0.6;

/** The thresholds that suit the embedder, else the paper's. */
export function thresholdsOf({ similarityThreshold }: Embedder): Readonly<Record<PoolKind, number>> {
  return forBothKinds(similarityThreshold ?? PAPER_THRESHOLD);
}

/** One threshold for each kind. */
function forBothKinds(threshold: SimilarityThreshold): Readonly<Record<PoolKind, number>> {
  return typeof threshold === 'number' ? { profiles: threshold, personalities: threshold } : threshold;
}

/**
 * The given thresholds, else those of the embedder.
 *
 * @throws InvalidOptionError unless it is a number from -1 to 1, or an object with one for each kind.
 */
export function checkThresholds(
  given: SimilarityThreshold | undefined,
  embedder: Embedder,
): Readonly<Record<PoolKind, number>> {
  if (given === null || !['number', 'object', 'undefined'].includes(typeof given)) {
    throw new InvalidOptionError('similarityThreshold', 'a number, or { profiles, personalities }', given);
  }
  const { profiles, personalities } = given === undefined ? thresholdsOf(embedder) : forBothKinds(given);
  const name = (kind: PoolKind) =>
    typeof given === 'object' ? `similarityThreshold.${kind}` : 'similarityThreshold';
  return {
    profiles: checkNumber(name('profiles'), profiles, { min: -1, max: 1 }),
    personalities: checkNumber(name('personalities'), personalities, { min: -1, max: 1 }),
  };
}

/** What version 0.1 used: the paper's threshold, unless the embedder had a single one of its own. */
export function formerThresholds({ similarityThreshold }: Embedder): Readonly<Record<PoolKind, number>> {
  return forBothKinds(typeof similarityThreshold === 'number' ? similarityThreshold : PAPER_THRESHOLD);
}
