import { escapePattern } from '../../internal/escape-pattern.ts';
import { recentEntries } from '../../internal/recent-entries.ts';

/** Makes patterns that depend on a name, for lower-case text, and keeps the latest: each serves all messages of a persona. */
export function nameMatcher(source: (name: string) => string): (name: string) => RegExp {
  const known = recentEntries<RegExp>(1_000);
  return (name) => {
    const pattern = known.get(name) ?? new RegExp(source(escapePattern(name.toLowerCase())), 'u');
    known.set(name, pattern);
    return pattern;
  };
}
