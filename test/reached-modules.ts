import { readFileSync } from 'node:fs';

const IMPORT = /(?:(import|export)\s+(type\s)?[^;'"]*?from|(?:import|require)\s*\(?)\s*'([^']+)'/g;

/** Every module that a source file loads, directly or not: own files by URL, packages by name. Types load nothing. */
export function reachedModules(url: URL, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(url.href)) return seen;
  seen.add(url.href);
  const code = readFileSync(url, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  for (const [, , onlyTypes, specifier] of code.matchAll(IMPORT)) {
    if (onlyTypes !== undefined) continue;
    if (specifier!.startsWith('.')) reachedModules(new URL(specifier!, url), seen);
    else seen.add(specifier!);
  }
  return seen;
}
