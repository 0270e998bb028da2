import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const ROOT = new URL('../', import.meta.url);
const pages = (await readdir(new URL('docs/', ROOT))).filter((name) => name.endsWith('.md'));

test.each(['README.md', ...pages.map((name) => `docs/${name}`)])(
  'the files that %s names and links to are there',
  async (path) => {
    const page = new URL(path, ROOT);
    const text = await readFile(page, 'utf8');
    const linked = Array.from(
      text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g),
      ([, to]) => new URL(to!, page),
    );
    const named = Array.from(
      text.matchAll(/`((?:src|test|bench|examples)\/[\w/.-]+\.\w+)`/g),
      ([, to]) => new URL(to!, ROOT),
    );
    expect(
      [...linked, ...named].map(({ href }) => href).filter((href) => !existsSync(new URL(href))),
    ).toEqual([]);
  },
);
