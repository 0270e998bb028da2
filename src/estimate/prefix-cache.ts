import type { PrefixCaching } from './scenario.ts';

/** Counts the tokens of each text that a provider would have cached from earlier ones, at 4 characters per token. */
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
