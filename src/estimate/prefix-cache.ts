import type { PrefixCaching } from './scenario.ts';

/** Counts how much of each text a provider would have in its cache from those before, in tokens of 4 characters. */
export function prefixCache(caching: PrefixCaching | null): (sent: string) => number {
  const seen = new Set<string>();
  return (sent) => {
    let cached = 0;
    if (caching === null) return cached;
    for (let tokens = caching.fromTokens; tokens * 4 <= sent.length; tokens += caching.stepTokens) {
      const prefix = sent.slice(0, tokens * 4);
      if (seen.has(prefix)) cached = tokens;
      else seen.add(prefix);
    }
    return cached;
  };
}
