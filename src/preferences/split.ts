import { childSeed } from '../internal/random.ts';

export type Split = 'train' | 'validation';

export const SPLITS: readonly Split[] = ['train', 'validation'];

const SEEDS = 2 ** 31;

/**
 * The side a profile falls on: a hash of seed and profile id against the share, so neither order nor the other
 * profiles matter, and a larger share only moves profiles over to validation.
 *
 * By profile and not by persona: a profile drives the topics of a conversation, and personas that share one talk
 * about the same job, town and children.
 */
export function splitOf(profileId: string, validation: number, seed: number): Split {
  return childSeed(seed, 'split', profileId) < validation * SEEDS ? 'validation' : 'train';
}
