import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import axe from 'axe-core';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IN_BROWSER, launchBrowser } from '../report/browser.ts';
import { serveFolder } from './serve-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe.runIf(IN_BROWSER)('the site in Chromium, served from a folder', { timeout: 300_000 }, () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveFolder>>;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['tools/docs/build-site.ts'], { cwd: ROOT });
    [browser, server] = await Promise.all([launchBrowser(), serveFolder(`${ROOT}site`, '/any/folder/')]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test.each([
    ['light', 1280, ''],
    ['dark', 1280, 'concepts/improvement-rate.html'],
    ['light', 390, 'how-to/evaluate-in-ci.html'],
    ['dark', 390, 'metrics.html'],
  ])(
    '%s, %i pixels wide, "%s": nothing fails, asks another server, overflows or is inaccessible',
    async (scheme, width, path) => {
      const page = await browser.newPage();
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      const trouble: string[] = [];
      page.on('pageerror', (error) => trouble.push(String(error)));
      page.on('console', (message) => {
        if (['error', 'warn'].includes(message.type())) trouble.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(server.url) && !request.url().startsWith('data:'))
          trouble.push(request.url());
      });
      await page.goto(server.url + path, { waitUntil: 'networkidle0' });
      expect(trouble).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target}`)).toEqual([]);
      await page.close();
    },
  );

  test('the search finds a heading, and a link leads to a page without loading the site again', async () => {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(`${server.url}concepts/kappa.html`, { waitUntil: 'networkidle0' });
    await page.evaluate('globalThis.same = true');
    await page.click('.DocSearch-Button');
    await page.waitForSelector('.search-input');
    await page.type('.search-input', 'null band');
    await page.waitForSelector('.results a[href$="metrics.html#null-band"]');
    await page.click('.results a[href$="metrics.html#null-band"]');
    await page.waitForFunction('document.title.startsWith("Metrics")');
    expect(await page.evaluate('globalThis.same')).toBe(true);
    expect(page.url()).toBe(`${server.url}metrics.html#null-band`);
    await page.close();
  });
});
