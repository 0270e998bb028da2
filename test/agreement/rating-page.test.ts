import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeRatingPage } from '../../src/agreement/rating-page.ts';
import type { RatingSheet } from '../../src/agreement/rating-sheet.ts';
import { type Ratings, readRatings } from '../../src/agreement/ratings.ts';
import { sampleForRating } from '../../src/agreement/sample-for-rating.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { IN_BROWSER, launchBrowser, type PageTrouble, watch } from '../report/browser.ts';
import { HOSTILE_TEXTS } from '../report/hostile-texts.ts';

const { sheet } = sampleForRating(
  [
    evaluationOf([
      [1, 2, 3],
      [4, 5, 3],
    ]),
  ],
  { count: 6 },
);

/** Every text of the sheet is one that tries something. */
const hostileSheet: RatingSheet = {
  ...sheet,
  id: 'hostile',
  items: HOSTILE_TEXTS.map((text, index) => ({
    id: `hostile-${index}`,
    facts: [text],
    traits: [text],
    conversation: [{ role: 'user', content: text }],
    response: text,
  })),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-rating-page-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the page is one file with the sheet in it, and nothing that leads out of it', async () => {
  const path = join(folder, 'plain.html');
  await writeRatingPage(sheet, path);
  const html = await readFile(path, 'utf8');
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/https?:|<link|@import|url\(|\bsrc=/);
  const data = /<script type="application\/json" id="sheet">(.*)<\/script>/.exec(html)?.[1];
  expect(JSON.parse(data!)).toEqual(sheet);
});

describe.runIf(IN_BROWSER)('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  /** Opens the page as somebody who has never seen it. */
  async function open(shown: RatingSheet): Promise<{ page: Page; trouble: PageTrouble }> {
    const path = join(folder, `${shown.id}.html`);
    await writeRatingPage(shown, path);
    const context = await browser.createBrowserContext({
      downloadBehavior: { policy: 'allow', downloadPath: folder },
    });
    const page = await context.newPage();
    const trouble = watch(page);
    await page.goto(pathToFileURL(path).href);
    return { page, trouble };
  }

  const text = (page: Page, id: string) => page.$eval(`#${id}`, (element) => element.textContent);
  const pressed = (page: Page) =>
    page.$$eval('#scale button', (buttons) =>
      buttons.flatMap((button, index) => (button.getAttribute('aria-pressed') === 'true' ? [index + 1] : [])),
    );
  async function press(page: Page, ...keys: readonly string[]): Promise<void> {
    for (const key of keys) await page.keyboard.press(key as 'Enter');
  }
  /** Saves again if there is no file after a while: Chromium on a busy machine has been seen to lose a download. */
  async function savedFile(page: Page, name: string): Promise<string> {
    for (let look = 0; !(await readdir(folder)).includes(name); look++) {
      if (look % 500 === 0) await page.click('#save');
      await sleep(20);
    }
    return join(folder, name);
  }

  test('a person rates by keyboard, goes on after a reload, saves, and opens the file elsewhere', async () => {
    const { page, trouble } = await open(sheet);
    expect(await text(page, 'position')).toBe('Reply 1 of 6');
    expect(await text(page, 'reply')).toBe(sheet.items[0]!.response);

    await press(page, '4', 'j', '2', 'ArrowRight', '5', '5', 'k');
    expect(await text(page, 'position')).toBe('Reply 2 of 6');
    expect(await pressed(page)).toEqual([2]);
    // The same rating again took the 5 back.
    expect(await text(page, 'progress-text')).toBe('2 of 6 rated');

    await press(page, 'n');
    await page.keyboard.type('not 3, j or k');
    await press(page, 'Escape', 'ArrowLeft');
    expect(await text(page, 'position')).toBe('Reply 1 of 6');
    expect(await text(page, 'progress-text')).toBe('2 of 6 rated');

    await page.reload();
    expect(await text(page, 'position')).toBe('Reply 3 of 6');
    await press(page, '1', 'ArrowLeft');
    expect(await page.$eval('#note', (note) => note.value)).toBe('not 3, j or k');

    await page.click('#save');
    expect(await text(page, 'status')).toBe('Enter your name first.');
    await page.keyboard.type('Ann Ö. 1');
    const path = await savedFile(page, 'ratings-Ann-Ö-1.json');
    const saved: Ratings = {
      schema: 'aloe-ratings/1',
      rater: 'Ann Ö. 1',
      ratings: [
        { id: sheet.items[0]!.id, rating: 4 },
        { id: sheet.items[1]!.id, rating: 2, note: 'not 3, j or k' },
        { id: sheet.items[2]!.id, rating: 1 },
      ],
    };
    expect(await readRatings(path)).toEqual(saved);
    expect(trouble).toEqual({ errors: [], requests: [] });

    const elsewhere = await open(sheet);
    expect(await text(elsewhere.page, 'progress-text')).toBe('0 of 6 rated');
    const input = await elsewhere.page.$('input[type="file"]');
    await input!.uploadFile(path);
    await expect.poll(() => text(elsewhere.page, 'progress-text')).toBe('3 of 6 rated');
    expect(await text(elsewhere.page, 'position')).toBe('Reply 4 of 6');
    expect(await text(elsewhere.page, 'status')).toBe('Opened 3 ratings by Ann Ö. 1.');
    await press(elsewhere.page, '3', 'u', '3', 'u', '3', 'u');
    expect(await text(elsewhere.page, 'status')).toBe('All replies are rated. Save the file.');
  });

  test('a file of something else is refused and changes nothing', async () => {
    const { page } = await open(sheet);
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.accept();
    });
    await press(page, '3');
    const input = await page.$('input[type="file"]');
    for (const [name, words] of [
      ['plain.html', 'This is not a ratings file.'],
      ['other.json', 'These ratings are for other replies.'],
    ] as const) {
      if (name === 'other.json') {
        const other = { schema: 'aloe-ratings/1', rater: 'Bob', ratings: [{ id: 'other-001', rating: 1 }] };
        await writeFile(join(folder, name), JSON.stringify(other));
      }
      await input!.uploadFile(join(folder, name));
      await expect.poll(() => text(page, 'status')).toBe(words);
      expect(await text(page, 'progress-text')).toBe('1 of 6 rated');
    }
    expect(asked[0]).toBe('Replace the ratings on this page with those in the file?');
    await page.click('#clear');
    expect(asked.at(-1)).toBe('Delete all ratings on this page?');
    expect(await text(page, 'progress-text')).toBe('0 of 6 rated');
  });

  test('the keys can be turned off', async () => {
    const { page } = await open(sheet);
    await page.focus('#shortcuts');
    await press(page, 'Space', 'Tab');
    await press(page, '4', 'j');
    expect(await text(page, 'position')).toBe('Reply 1 of 6');
    expect(await pressed(page)).toEqual([]);
  });

  test('whatever a model wrote stays text', async () => {
    const { page, trouble } = await open(hostileSheet);
    for (const [index, written] of HOSTILE_TEXTS.entries()) {
      expect(await text(page, 'position')).toBe(`Reply ${index + 1} of ${HOSTILE_TEXTS.length}`);
      for (const place of ['reply', 'facts', 'traits']) expect(await text(page, place)).toBe(written);
      expect(await page.$$('main img, main svg, main iframe, main style, main form, main a')).toEqual([]);
      const box = await page.$eval('#next', (button) => button.getBoundingClientRect().right);
      expect(box, 'nothing is pushed out of the window').toBeLessThanOrEqual(page.viewport()!.width);
      await press(page, 'j');
    }
    expect(await page.evaluate('"hurt" in window')).toBe(false);
    expect(trouble).toEqual({ errors: [], requests: [] });
  });

  test.each(['light', 'dark'])('is usable with a screen reader and to be read, %s', async (scheme) => {
    const { page } = await open(sheet);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await press(page, '4');
    // By the debugger, which the page's policy does not bind.
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
