import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;

/** Every module that a file reaches: own files by URL, packages by name. */
function reach(url: URL, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(url.href)) return seen;
  seen.add(url.href);
  const code = readFileSync(url, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  for (const [, specifier] of code.matchAll(IMPORT)) {
    if (specifier!.startsWith('.')) reach(new URL(specifier!, url), seen);
    else seen.add(specifier!);
  }
  return seen;
}

it('the metrics need one package and nothing of Node, so that a browser can load them', () => {
  const reached = [...reach(new URL('../../src/metrics/index.ts', import.meta.url))];
  expect(reached.length).toBeGreaterThan(5);
  expect(reached.filter((name) => !name.startsWith('file:'))).toEqual(['ml-regression-simple-linear']);
});
