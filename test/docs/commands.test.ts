import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findVerb } from '../../src/cli/find-verb.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';

const ROOT = new URL('../../', import.meta.url);
const docs = (await readdir(new URL('docs/', ROOT), { recursive: true }))
  .map((name) => `docs/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.md') && !name.startsWith('docs/api/'));
const commands = (
  await Promise.all(
    ['README.md', 'skills/aloe-align/SKILL.md', ...docs].map(async (page) =>
      commandsOf(await readFile(new URL(page, ROOT), 'utf8')).map((words): [string, string] => [page, words]),
    ),
  )
).flat();

test('there are commands to check', () => {
  expect(commands.length).toBeGreaterThan(30);
});

test.each(commands)('%s: aloe %s is a command with such flags', async (_, command) => {
  const { entry, rest } = findVerb(wordsOf(command));
  if ('verbs' in entry) throw new Error('This is the name of several commands.');
  const { args, many = false } = await entry.load();
  expect(() => parseArguments(rest, args, many)).not.toThrow();
});

/** As a shell divides them. */
function wordsOf(command: string): string[] {
  return command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
}

/** What stands behind `aloe` in blocks of shell code, with variables of the block in their place. */
function commandsOf(page: string): string[] {
  return Array.from(page.matchAll(/^```sh\n(.*?)^```$/gms), ([, block = '']) => {
    const lines = block.replaceAll(/\\\n\s*/g, ' ').split('\n');
    const variables = new Map(
      lines.flatMap((line) =>
        Array.from(line.matchAll(/(?<=^| )([A-Z]+)=("[^"]*"|\S+)/g), ([, name, value]): [string, string] => [
          name!,
          value!.replaceAll('"', ''),
        ]),
      ),
    );
    return lines
      .map(
        (line) =>
          /^(?:npx aloe-align|npx aloe|aloe) (?!--version)(.+)$/.exec(line.replace(/\s+[#&].*$/, ''))?.[1],
      )
      .filter((words) => words !== undefined)
      .filter((words) => !/^help\b|--help$/.test(words))
      .map((words) =>
        words
          .replaceAll(/\$([A-Z]+)\b/g, (whole, name: string) => variables.get(name) ?? whole)
          .replaceAll(/"[^"]*"/g, 'text')
          .replaceAll('…', 'more.json')
          .trim(),
      );
  }).flat();
}
