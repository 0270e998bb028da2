import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { EXIT_MEANINGS } from '../../src/cli/exit-status.ts';
import { findVerb } from '../../src/cli/find-verb.ts';
import { verbHelp } from '../../src/cli/help.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import type { Verb } from '../../src/cli/verb.ts';
import { ALOE, type VerbGroup } from '../../src/cli/verb-table.ts';
import { commandLinePage } from '../../tools/command-line-page.ts';

interface NamedVerb {
  readonly name: string;
  readonly description: string;
  readonly verb: Verb;
}

async function verbsOf({ verbs }: VerbGroup, path: readonly string[] = []): Promise<NamedVerb[]> {
  const nested = Object.entries(verbs).map(async ([word, entry]) => {
    if ('verbs' in entry) return verbsOf(entry, [...path, word]);
    return [{ name: [...path, word].join(' '), description: entry.description, verb: await entry.load() }];
  });
  return (await Promise.all(nested)).flat();
}

const verbs = await verbsOf(ALOE);

test.each(verbs)('the examples of $name are accepted, and are of this command', ({ name, verb }) => {
  expect(verb.examples.length).toBeGreaterThan(0);
  for (const { words } of verb.examples) {
    const { path, rest } = findVerb(words.split(' '));
    expect(path.join(' ')).toBe(name);
    expect(() => parseArguments(rest, verb.args, verb.many ?? false)).not.toThrow();
  }
});

test.each(verbs)(
  'the help of $name has usage, every flag, examples and statuses, in its columns',
  ({ name, description, verb }) => {
    const help = verbHelp(`aloe ${name}`, description, verb, 80);
    expect(help).toContain(`Usage: aloe ${name}`);
    for (const [flag, { type, description: about = '' }] of Object.entries(verb.args)) {
      if (type !== 'positional') expect(help).toContain(`  --${flag}`);
      expect(about).toMatch(/^\S.*[.)]$/);
    }
    for (const { words } of verb.examples) expect(help).toContain(`  aloe ${words}\n`);
    expect(help).toMatch(/^ {2}0 {4}Done\.$/m);
    expect(help).toMatch(/^ {2}130 {2}Interrupted/m);
    expect(/^ {2}3 /m.test(help)).toBe('fail-under' in verb.args);
    const lines = help.split('\n').filter((line) => !line.startsWith('  aloe '));
    expect(lines.filter((line) => line.length > 80 && line !== description)).toEqual([]);
  },
);

test('docs/command-line.md has every command and every status as they are', async () => {
  const page = await readFile(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  // If this fails: node tools/command-line-page.ts
  expect(page).toBe(await commandLinePage());
  for (const [status, meaning] of EXIT_MEANINGS) {
    expect(page.replaceAll('`', '')).toContain(`| ${status} | ${meaning} |`);
  }
  const json = page.slice(page.indexOf('## `--json`'), page.indexOf('## Commands'));
  for (const { name } of verbs) expect(json).toContain(`| \`${name}\` |`);
});
