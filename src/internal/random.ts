import { sha256 } from './hash.ts';
import type { Random } from './seeded-random.ts';

export { type Random, seededRandom } from './seeded-random.ts';

/** A seed from 0 to 2^31 - 1 that depends only on the parent seed and the place, never on time or order. */
export function childSeed(seed: number, ...place: readonly (string | number)[]): number {
  return Number.parseInt(sha256(JSON.stringify([seed, ...place])).slice(0, 8), 16) >>> 1;
}

/** `count` items in random order, without replacement. All of them, shuffled, if there are fewer. */
export function sample<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  const rest = [...items];
  const taken = Math.min(count, rest.length);
  for (let i = 0; i < taken; i++) {
    const j = i + Math.floor(random() * (rest.length - i));
    [rest[i], rest[j]] = [rest[j]!, rest[i]!];
  }
  return rest.slice(0, taken);
}
