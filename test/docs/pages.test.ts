import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CONTENTS } from '../../docs/.vitepress/contents.ts';
import { readPage } from '../../docs/.vitepress/pages.ts';
import { slug } from '../../docs/.vitepress/slug.ts';
import { writtenFiles } from '../../tools/docs/written-files.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, ROOT), 'utf8');
const files = (await readdir(new URL('docs/', ROOT), { recursive: true }))
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.md') && !/^(api|\.vitepress)\//.test(name));
const listed = CONTENTS.flatMap(({ sections }) => sections.flatMap(({ pages }) => pages));

test('every page is listed once, and each decision in the index of decisions', () => {
  const decisions = files.filter((name) => /^decisions\/\d/.test(name));
  expect([...listed, ...decisions, 'README.md'].sort()).toEqual([...files].sort());
});

test('every page says in one line what it is about', () => {
  for (const path of ['README.md', ...listed]) {
    const { description } = readPage(path);
    expect(description.length, path).toBeLessThan(130);
    expect(description, path).toMatch(/[.?]$/);
  }
});

test('the list of pages, llms.txt and the charts are as `node tools/docs/write-pages.ts` writes them', async () => {
  for (const [path, text] of await writtenFiles()) expect(await read(path), path).toBe(text);
});

const linking = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples/README.md', 'llms.txt'],
  'skills/aloe-align/SKILL.md',
  ...files.map((name) => `docs/${name}`),
];

test.each(linking)('every link of %s leads to a file, and to a heading where it names one', async (path) => {
  const page = new URL(path, ROOT);
  const links = (await read(path)).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g);
  for (const [link, to = '', anchor] of links) {
    const target = to === '' ? page : new URL(to, page);
    expect(existsSync(target), link).toBe(true);
    if (anchor !== undefined) expect(anchors(await readFile(target, 'utf8')), link).toContain(anchor);
  }
});

/** Anchors of a page's headings; code is not a heading. */
function anchors(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  return Array.from(prose.matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    slug(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')),
  );
}
