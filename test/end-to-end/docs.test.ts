import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { checkCode } from './docs/check-code.ts';

const ROOT = new URL('../../', import.meta.url);
/** `docs/api` is made from the sources and not committed. */
const docs = (await readdir(new URL('docs/', ROOT), { recursive: true }))
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.md') && !name.startsWith('api/'));
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'skills/aloe-align/SKILL.md'],
  ...docs.map((name) => `docs/${name}`),
];

test.each(pages)('the files that %s names are there', async (path) => {
  const text = await readFile(new URL(path, ROOT), 'utf8');
  const named = Array.from(
    text.matchAll(/`((?:src|test|bench|examples)\/[\w/.-]+\.\w+)`/g),
    ([, to]) => new URL(to!, ROOT),
  );
  expect(named.map(({ href }) => href).filter((href) => !existsSync(new URL(href)))).toEqual([]);
});

const BROKEN = `# A page with a mistake

\`\`\`ts
import { openRun } from 'aloe-align';

await openRun('runs/first', { sede: 7 });
\`\`\`
`;

test('the code of every page compiles, and a mistake is told by page and line', async () => {
  const texts = await Promise.all(pages.map((path) => readFile(new URL(path, ROOT), 'utf8')));
  const problems = await checkCode(
    new Map([['broken.md', BROKEN], ...pages.map((path, i): [string, string] => [path, texts[i]!])]),
  );
  expect(problems).toEqual([expect.stringMatching(/^broken.md:6: .*'sede' does not exist/)]);
});
