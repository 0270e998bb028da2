import { childSeed } from '../internal/random.ts';

/** `train` or `validation`: every profile is in one of them. */
export type Split = 'train' | 'validation';

export const SPLITS: readonly Split[] = ['train', 'validation'];

const SEEDS = 2 ** 31;

/**
 * Assigns a profile to a split by comparing a hash of seed and profile id with the share. The result does not depend on
 * order or on other profiles, and a larger share only moves profiles to validation.
 *
 * The split is by profile, not by persona, because the profile drives the topics of a conversation: personas that share
 * one talk about the same job, town and children.
 */
export function splitOf(profileId: string, validationShare: number, seed: number): Split {
  return childSeed(seed, 'split', profileId) < validationShare * SEEDS ? 'validation' : 'train';
}
