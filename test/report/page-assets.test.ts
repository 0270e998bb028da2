import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { renderPageAssets } from '../../tools/build-report-page.ts';

test('the bundled script and style are those of the sources (else: npm run build:page)', async () => {
  const bundled = await readFile(new URL('../../src/report/page-assets.ts', import.meta.url), 'utf8');
  expect(bundled).toBe(await renderPageAssets());
});
