import { expect, test } from 'vitest';
import { siteLink } from '../../docs/.vitepress/links.ts';
import { relocatePage, relocateScript } from '../../tools/docs/relocate.ts';

const REPOSITORY = 'https://code.example/aloe-align';

test('an index is README.md in the repository and index.md on the site', () => {
  expect(siteLink('extending/README.md', 'README.md', undefined)).toBe('extending/index.md');
  expect(siteLink('../decisions/README.md#state', 'extending/README.md', undefined)).toBe(
    '../decisions/index.md#state',
  );
  expect(siteLink('metrics.md', 'README.md', undefined)).toBe('metrics.md');
});

test('what lies outside the docs is linked in the repository, or not at all without one', () => {
  expect(siteLink('../examples/adaptive.ts', 'adaptive.md', REPOSITORY)).toBe(
    `${REPOSITORY}/blob/main/examples/adaptive.ts`,
  );
  expect(siteLink('../../CONTRIBUTING.md#release', 'extending/README.md', REPOSITORY)).toBe(
    `${REPOSITORY}/blob/main/CONTRIBUTING.md#release`,
  );
  expect(siteLink('../examples/adaptive.ts', 'adaptive.md', undefined)).toBeNull();
});

test('links to other sites and within a page stay', () => {
  for (const link of ['https://arxiv.org/abs/2410.03642', '#files', 'mailto:a@b.example'])
    expect(siteLink(link, 'paper.md', undefined)).toBe(link);
});

test('a built page finds its files from wherever it lies', () => {
  const html = '<html><head></head><a href="/base/x.html">x</a>';
  const moved = relocatePage(html, 'concepts/kappa.html', '/base/');
  expect(moved).toContain('href="../x.html"');
  expect(moved).toContain('new URL("../",location.href)');
  expect(relocatePage(html, 'index.html', '/base/')).toContain('href="./x.html"');
});

test('a built script takes the folder of the site from its page', () => {
  expect(relocateScript('return"/base/a.js"', '/base/')).toBe('return(globalThis.aloeDocsBase)+"a.js"');
  expect(relocateScript('import(`/base/a.js`)', '/base/')).toContain('{globalThis.aloeDocsBase}a.js`');
  expect(relocateScript('parse("{\\"base\\":\\"/base/\\"}")', '/base/')).toBe(
    'parse("{\\"base\\":\\""+globalThis.aloeDocsBase+"\\"}")',
  );
  expect(relocateScript(`'{"documentCount":1,"documentIds":{"0":"/base/a.html#b"}}'`, '/base/')).toContain(
    `"0":"'+globalThis.aloeDocsBase+'a.html#b"`,
  );
  expect(relocateScript('`{"documentIds":{"0":"/base/a.html#b"}}`', '/base/')).toContain(
    '{globalThis.aloeDocsBase}a.html#b"',
  );
  expect(() => relocateScript("f('see /base/ there')", '/base/')).toThrow('inside a string');
});
