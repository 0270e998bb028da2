import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decisionPoints } from '../../src/conversations/conversation-tree.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { preferenceRecord } from '../../src/preferences/records.ts';
import { writeReport } from '../../src/report/index.ts';
import { IN_BROWSER, launchBrowser, watch } from './browser.ts';
import { hostileEvaluation, hostileTree } from './hostile-data.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { syntheticEvaluations, syntheticTrees } from './report-data.ts';

const evaluations = syntheticEvaluations(12, 4).slice(0, 3);
const conversations = syntheticTrees(3);
const [bare, told] = [evaluations[0]!, evaluations[1]!];

describe.runIf(IN_BROWSER)('the report in daily use, in Chromium', { timeout: 120_000 }, () => {
  let folder: string;
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-report-use-'));
    const path = join(folder, 'report.html');
    await writeReport({ evaluations, conversations }, path);
    address = pathToFileURL(path).href;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(hash = '', width = 1280): Promise<Page> {
    const page = await browser.newPage();
    await page.setViewport({ width, height: 900 });
    await page.goto(address + hash);
    return page;
  }

  const text = (page: Page, selector: string) =>
    page.$eval(selector, (element) => element.textContent?.trim() ?? '');
  const texts = (page: Page, selector: string) =>
    page.$$eval(selector, (elements) => elements.map((element) => element.textContent?.trim() ?? ''));
  const count = (page: Page) => text(page, '#filter-count');
  const focused = (page: Page) => page.evaluate('document.activeElement.id');
  const hash = (page: Page) => page.evaluate('location.hash') as Promise<string>;
  const chosen = (page: Page) => text(page, '[aria-selected="true"] .entry-name');

  test('what is searched and filtered is in the address, and a link opens it again', async () => {
    const page = await open();
    await page.type('#filter-words', bare.cases[2]!.persona.personality.traits[0]!);
    // Three candidates and the corpus have this user.
    expect(await count(page)).toBe('4 of 39 conversations');
    await page.select('#filter-source', told.candidate.name);
    await page.select('#filter-turn', '3');
    expect(await count(page)).toBe('1 of 39 conversations');
    expect(await texts(page, '.met-filter h4')).toEqual(['Turn 3']);

    await expect.poll(() => hash(page)).toContain('turn=3');
    const again = await open(await hash(page));
    expect(await count(again)).toBe('1 of 39 conversations');
    expect(await text(again, '.source bdi')).toBe(told.candidate.name);
    expect(await texts(again, '.met-filter h4')).toEqual(['Turn 3']);
    await again.click('#filters button[type="reset"]');
    await expect.poll(() => count(again)).toBe('39 of 39 conversations');
    await expect.poll(() => hash(again)).not.toContain('?');
  });

  test('a value that the report does not have is not chosen', async () => {
    const page = await open('#conversation-999?candidate=nobody&order=chaos&from=9');
    expect(await count(page)).toBe('39 of 39 conversations');
  });

  test('from the table of comparisons one comes to the cases where two candidates differ most', async () => {
    const page = await open();
    const link = '#comparisons tbody a';
    const pair = await text(page, link);
    await page.click(link);
    await expect.poll(() => text(page, '.entry-source')).toBe(pair);
    expect(await count(page)).toMatch(/^12 of 39 conversations: .+ scores higher than .+ in \d+/);
    const differences = (await texts(page, '.entry-outcome')).map((words) =>
      Math.abs(Number(words.replace('difference ', '').replace('−', '-'))),
    );
    expect(differences).toHaveLength(12);
    expect(differences).toEqual(differences.toSorted((a, b) => b - a));
    expect(differences[0]).toBeGreaterThan(0);
    expect(await focused(page)).toBe('entries');
    await page.goBack();
    expect(await hash(page)).toBe('');
  });

  test('shows two candidates with one user side by side, with the difference at each turn', async () => {
    const page = await open(`#conversation-1?${new URLSearchParams({ with: told.candidate.name })}`);
    const [one, other] = [bare.cases[1]!, told.cases[1]!];
    expect(await texts(page, '#reader .side:first-child .response .written')).toEqual(
      one.turns.map(({ response }) => response),
    );
    expect(await texts(page, '#reader .side:last-child .response .written')).toEqual(
      other.turns.map(({ response }) => response),
    );
    const differences = one.turns.flatMap(({ judgement: { score } }, index) => {
      const against = other.turns[index]!.judgement.score;
      return score === null || against === null ? [] : [score - against];
    });
    const shown = await texts(page, '#reader .difference');
    expect(shown.map((words) => Number(words.replace('difference ', '').replace('−', '-')))).toEqual(
      differences,
    );
    expect(await page.$eval('#compare-warnings', (list) => list.checkVisibility())).toBe(false);
    await page.click('#reader .source a');
    await expect.poll(() => count(page)).toBe('39 of 39 conversations');
    expect(await chosen(page)).toBe(one.caseId);
    expect(await focused(page)).toBe('reader');
  });

  test('warns where the numbers stand if the settings of two files differ', async () => {
    const judged = { ...told, lock: { ...told.lock, judge: { id: 'another-judge', prompts: [] } } };
    const path = join(folder, 'locks.html');
    await writeReport({ evaluations: [bare, judged] }, path);
    const page = await browser.newPage();
    await page.goto(`${pathToFileURL(path).href}#conversations?with=bare`);
    for (const place of ['#results .warnings', '#comparisons .warnings', '#compare-warnings']) {
      expect((await text(page, place)).toLowerCase()).toContain('different judge');
    }
    expect(await text(page, '#comparisons tbody th')).toContain('see the warnings above');
  });

  test('copies a pair as the row that the exporter writes, and as Markdown', async () => {
    const page = await open('#conversations?candidate=Corpus');
    const [tree] = conversations;
    const [point] = decisionPoints(tree!);
    const copied = await catchCopies(page);
    await page.click('#reader .copy button:nth-of-type(1)');
    await expect.poll(() => text(page, '#copy-status')).toBe('Copied the pair of turn 1, as JSON for TRL.');
    const [row] = trlDpo().rows(preferenceRecord(tree!, point!));
    expect(JSON.parse((await copied())!)).toEqual(row);
    await page.click('#reader .copy button:nth-of-type(2)');
    await expect.poll(copied).toContain('**Preferred response**');
  });

  test('copies a conversation up to a turn where the browser refuses the clipboard, too', async () => {
    const page = await open('#conversation-1');
    const copied = await catchCopies(page, { refuses: true });
    await page.click('[data-turn="2"] .copy button');
    await expect.poll(copied).not.toBeNull();
    const { messages } = JSON.parse((await copied())!);
    expect(messages).toHaveLength(4);
    expect(messages[3].content).toBe(bare.cases[1]!.turns[1]!.response);

    await page.evaluate('document.execCommand = () => false');
    await page.click('[data-turn="2"] .copy button');
    await expect.poll(() => focused(page)).toBe('copy-text');
    const selected = await page.evaluate('getSelection().toString() || document.activeElement.value');
    expect(selected).toBe(JSON.stringify({ messages }));
    await page.keyboard.press('Escape');
    expect(await page.$eval('#copy-by-hand', (dialog) => dialog.hasAttribute('open'))).toBe(false);
  });

  test('goes by keyboard from the search to the list, into a conversation and back', async () => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('aloe');
    await page.keyboard.down('Control');
    await page.keyboard.press('a');
    await page.keyboard.up('Control');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('entries');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('reader');
    await page.keyboard.press('j');
    expect(await chosen(page)).toBe('aloe-003');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('entries');
    expect(await count(page)).toBe('39 of 39 conversations');
    await page.keyboard.press('?');
    expect(await text(page, 'dialog[open] h3')).toBe('Keys');
    await page.keyboard.press('j');
    expect(await chosen(page)).toBe('aloe-003');
    await page.keyboard.press('Escape');
    expect(await page.$('dialog[open]')).toBeNull();
  });

  test('lets the focus through: Tab goes from the search over all fields to the list, the conversation and on', async () => {
    const page = await open('#conversation-0');
    await page.focus('#filter-words');
    const ids: unknown[] = [];
    // To the end of the page and round, past links and buttons without an id.
    for (let step = 0; step < 60 && ids.at(-1) !== 'theme-toggle'; step++) {
      await page.keyboard.press('Tab');
      ids.push(await focused(page));
    }
    const fields = ['source', 'with', 'name', 'profile', 'from', 'to', 'turn', 'status', 'order'];
    expect(ids.filter((id) => id !== '')).toEqual([
      'show-keys',
      ...fields.map((id) => `filter-${id}`),
      'entries',
      'reader',
      'theme-toggle',
    ]);
  });

  test('is read without a script, and what models wrote stays text', async () => {
    const path = join(folder, 'hostile.html');
    await writeReport({ evaluations: [hostileEvaluation()], conversations: [hostileTree()] }, path);
    const page = await browser.newPage();
    await page.setJavaScriptEnabled(false);
    const trouble = watch(page);
    await page.goto(pathToFileURL(path).href);
    expect(await page.$eval('#filters', (form) => form.checkVisibility())).toBe(false);
    const shown = (await texts(page, 'noscript .written')).join('\n');
    // The document cannot contain control characters and lone surrogates.
    for (const hostile of HOSTILE_TEXTS.filter((each) => !each.includes('NUL'))) {
      expect(shown).toContain(hostile.trim());
    }
    expect(await page.$$('noscript :is(img, svg, iframe, style, script, form, link, meta, base)')).toEqual(
      [],
    );
    expect(trouble).toEqual({ errors: [], requests: [] });
  });

  test.each([
    ['dark', 1280],
    ['light', 390],
  ])('is usable with a screen reader in every view, %s, %i wide', async (scheme, width) => {
    for (const view of ['#conversations?with=bare', '#conversations?candidate=Corpus', '#keys']) {
      const page = await open(view === '#keys' ? '' : view, width);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.$$eval('details', (all) => {
        for (const each of all) each.open = true;
      });
      if (view === '#keys') await page.click('#show-keys');
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await page.close();
    }
  });
});

/** Keeps what the page copies, by the clipboard or by selection, instead of a clipboard that tests would share. */
async function catchCopies(page: Page, { refuses = false } = {}): Promise<() => Promise<string | null>> {
  await page.evaluate(`
    window.copied = null;
    navigator.clipboard.writeText = async (text) => {
      if (${refuses}) throw new DOMException('Refused', 'NotAllowedError');
      window.copied = text;
    };
    document.addEventListener('copy', () => { window.copied = document.activeElement.value; });
  `);
  return () => page.evaluate('window.copied') as Promise<string | null>;
}
