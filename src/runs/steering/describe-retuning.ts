import type { RunSettings } from './steering.ts';

/** What differs between two settings of a run, for people: `concurrency 16 -> 32, budget $5 -> none`. */
export function describeRetuning(before: RunSettings, after: RunSettings): string {
  const old = namedSettings(before);
  const changes = [...namedSettings(after)]
    .filter(([name, value]) => old.get(name) !== value)
    .map(([name, value]) => `${name} ${old.get(name) ?? 'none'} -> ${value}`);
  return changes.join(', ') || 'nothing';
}

/** The settings of a run by name, for people. */
export function namedSettings({ concurrency, budget, limits }: RunSettings): Map<string, string> {
  const words: [string, string][] = [
    ['concurrency', String(concurrency)],
    ['budget', budget.usd === null ? 'none' : `$${budget.usd}`],
    ['token budget', shown(budget.tokens)],
  ];
  for (const [model, { requestsPerMinute, tokensPerMinute }] of Object.entries(limits)) {
    words.push([`requests per minute of ${model}`, shown(requestsPerMinute)]);
    words.push([`tokens per minute of ${model}`, shown(tokensPerMinute)]);
  }
  return new Map(words);
}

function shown(limit: number | null): string {
  return limit === null ? 'none' : String(limit);
}
