import { sample } from '../internal/random.ts';
import type { Personality } from './persona.ts';
import type { Quotas } from './pool-data.ts';

/**
 * Draws different personalities at random. With quotas, each draw takes one whose values were drawn least, measured by their
 * quotas. More draws add to those of fewer.
 */
export function drawPersonalities(
  personalities: readonly Personality[],
  count: number,
  random: () => number,
  quotas: Quotas = {},
): Personality[] {
  const attributes = Object.entries(quotas);
  if (attributes.length === 0) return sample(personalities, count, random);
  const left = sample(personalities, personalities.length, random);
  const drawn = new Map<string, number>();
  /** A personality without a label is drawn as if one of it were wanted. */
  const keys = ({ attributes: labels = {} }: Personality) =>
    attributes.map(([name, wanted]) => {
      const value = labels[name] ?? null;
      return { key: JSON.stringify([name, value]), quota: Math.max(1, wanted[value ?? ''] ?? 1) };
    });
  /** How often the values of a personality were drawn already, per wanted entry, summed over the attributes. */
  const share = (personality: Personality) =>
    keys(personality).reduce((sum, { key, quota }) => sum + ((drawn.get(key) ?? 0) + 1) / quota, 0);
  return Array.from({ length: count }, () => {
    const shares = left.map(share);
    const [chosen] = left.splice(shares.indexOf(Math.min(...shares)), 1);
    for (const { key } of keys(chosen!)) drawn.set(key, (drawn.get(key) ?? 0) + 1);
    return chosen!;
  });
}
