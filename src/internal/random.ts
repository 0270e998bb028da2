import { sha256 } from './hash.ts';
import type { Random } from './seeded-random.ts';

export { type Random, seededRandom } from './seeded-random.ts';

/** A seed between 0 and 2^31 - 1 that depends on the parent seed and the place only, never on time or order. */
export function childSeed(seed: number, ...place: readonly (string | number)[]): number {
  return Number.parseInt(sha256(JSON.stringify([seed, ...place])).slice(0, 8), 16) >>> 1;
}

/** `count` different items in random order; all of them, shuffled, when there are fewer. */
export function sample<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  const rest = [...items];
  const taken = Math.min(count, rest.length);
  for (let i = 0; i < taken; i++) {
    const j = i + Math.floor(random() * (rest.length - i));
    [rest[i], rest[j]] = [rest[j]!, rest[i]!];
  }
  return rest.slice(0, taken);
}
