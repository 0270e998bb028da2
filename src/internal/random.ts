import { sha256 } from './hash.ts';

/** A seed between 0 and 2^31 - 1 that depends on the parent seed and the place only, never on time or order. */
export function childSeed(seed: number, ...place: readonly (string | number)[]): number {
  return Number.parseInt(sha256(JSON.stringify([seed, ...place])).slice(0, 8), 16) >>> 1;
}

/** A function that returns the next number in [0, 1) on each call. */
export type Random = () => number;

/** The mulberry32 generator: small, fast, and the same on every platform. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
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
