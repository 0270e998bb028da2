import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { PAGES, pageAssetsFile, renderPageAssets } from '../../tools/build-pages.ts';

test.each(PAGES)(
  'the bundled script and style of %s are those of the sources (else: npm run build:pages)',
  async (page) => {
    expect(await readFile(pageAssetsFile(page), 'utf8')).toBe(await renderPageAssets(page));
  },
);
