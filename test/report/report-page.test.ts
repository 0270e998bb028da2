import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ReportOptions, writeReport } from '../../src/report/index.ts';
import { IN_BROWSER, launchBrowser, type PageTrouble, watch } from './browser.ts';
import { hostileEvaluation, hostileTree } from './hostile-data.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import {
  judgedTree,
  syntheticEvaluation,
  syntheticEvaluations,
  syntheticMetrics,
  syntheticTrees,
} from './report-data.ts';

const ordinary: ReportOptions = {
  evaluations: syntheticEvaluations(12, 4).slice(0, 3),
  conversations: syntheticTrees(3),
  training: [{ name: 'job', metrics: syntheticMetrics() }],
};
const longText = 'A word, and another. '.repeat(50_000);

describe.runIf(IN_BROWSER)('the report in Chromium', { timeout: 120_000 }, () => {
  let folder: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-report-page-'));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const written = new Map<ReportOptions, string>();
  async function open(options: ReportOptions, hash = ''): Promise<{ page: Page; trouble: PageTrouble }> {
    const path = written.get(options) ?? join(folder, `report-${written.size}.html`);
    if (!written.has(options)) await writeReport(options, path);
    written.set(options, path);
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    const trouble = watch(page);
    await page.goto(pathToFileURL(path).href + hash);
    return { page, trouble };
  }

  const text = (page: Page, selector: string) =>
    page.$eval(selector, (element) => element.textContent?.trim() ?? '');
  const texts = (page: Page, selector: string) =>
    page.$$eval(selector, (elements) => elements.map((element) => element.textContent?.trim() ?? ''));
  const chosen = (page: Page) => text(page, '[aria-selected="true"] .entry-name');
  const focused = (page: Page) => page.evaluate('document.activeElement.id');

  test('opens from disk without an error, a request or a shift of what was there', async () => {
    const { page, trouble } = await open(ordinary);
    const shift = await page.evaluate(`new Promise((resolve) => {
      let sum = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
        .observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => resolve(sum), 300);
    })`);
    expect(shift).toBeLessThan(0.01);
    expect(await page.evaluate('scrollY')).toBe(0);
    expect(await text(page, 'h1')).toBe('Alignment report');
    expect(await text(page, '#filter-count')).toBe('39 of 39 conversations');
    expect(await text(page, '#reader h3')).toBe('aloe-001');
    expect(trouble).toEqual({ errors: [], requests: [] });
  });

  test('filters by candidate, case, score, status and text, and says how many are left', async () => {
    const { page } = await open(ordinary);
    const [first] = ordinary.evaluations!;
    await page.select('#filter-source', first!.candidate.name);
    expect(await text(page, '#filter-count')).toBe('12 of 39 conversations');
    await page.select('#filter-name', 'aloe-003');
    expect(await texts(page, '.entry-name')).toEqual(['aloe-003']);
    await page.click('#filters button[type="reset"]');
    await expect.poll(() => text(page, '#filter-count')).toBe('39 of 39 conversations');

    const withOnes = ordinary.evaluations!.flatMap(({ cases }) =>
      cases.filter(({ turns }) => turns.some(({ judgement }) => judgement.score === 1)),
    );
    await page.select('#filter-from', '1');
    await page.select('#filter-to', '1');
    expect(await text(page, '#filter-count')).toBe(`${withOnes.length} of 39 conversations`);
    expect(await texts(page, '.met-filter .badge.score-1')).not.toEqual([]);
    await page.select('#filter-from', '');
    await page.select('#filter-to', '');

    await page.select('#filter-status', 'malformed-verdict');
    expect(await texts(page, '.met-filter .badge.missing')).not.toEqual([]);
    await page.select('#filter-status', '');

    await page.type('#filter-words', 'BURNT onions');
    expect((await texts(page, '.met-filter'))[0]).toContain('burnt onions');
    await page.type('#filter-words', ' and nothing of the kind');
    expect(await text(page, '#filter-count')).toBe('0 of 39 conversations');
    expect(await text(page, '#reader')).toBe('No conversation matches the filters.');
  });

  test('works by keyboard alone', async () => {
    const { page } = await open(ordinary);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('location.hash')).toBe('#main');

    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await chosen(page)).toBe('aloe-002');
    await page.keyboard.press('/');
    expect(await focused(page)).toBe('filter-words');
    await page.keyboard.type('jk');
    expect(await text(page, '#filter-count')).toBe('0 of 39 conversations');
    await page.keyboard.press('Escape');
    await expect.poll(() => text(page, '#filter-count')).toBe('39 of 39 conversations');

    await page.focus('#entries');
    await page.keyboard.press('End');
    expect(await chosen(page)).toBe('conversation-3');
    await page.keyboard.press('ArrowUp');
    expect(await chosen(page)).toBe('conversation-2');
    await page.keyboard.press('Home');
    expect(await chosen(page)).toBe('aloe-001');

    await page.keyboard.press('?');
    expect(await page.$eval('#keys', (keys) => keys.hasAttribute('open'))).toBe(true);
    await page.click('#shortcuts');
    await page.keyboard.press('Escape');
    expect(await page.$eval('#keys', (keys) => keys.hasAttribute('open'))).toBe(false);
    await page.keyboard.press('j');
    expect(await chosen(page)).toBe('aloe-001');
  });

  test('shows each turn with what was revealed, its score, and what stands behind it', async () => {
    const { page } = await open(ordinary, '#conversation-1');
    const played = ordinary.evaluations![0]!.cases[1]!;
    expect(await texts(page, '#reader .user .written')).toEqual(played.turns.map(({ user }) => user));
    expect(await texts(page, '#reader .response .written')).toEqual(
      played.turns.map(({ response }) => response),
    );
    const counts = played.turns.map(({ revealed }) => `Revealed so far: ${revealed?.length} of`);
    const shown = await texts(page, '#reader .revealed');
    expect(shown.map((words, index) => words.startsWith(counts[index]!))).toEqual(counts.map(() => true));

    await page.click('.siblings a');
    await expect.poll(() => text(page, '.source bdi')).toBe(ordinary.evaluations![1]!.candidate.name);
    expect(await text(page, '#reader h3')).toBe(played.caseId);
  });

  test('shows where a user changes, and what was wrong with a user’s message', async () => {
    const [evaluation] = ordinary.evaluations!;
    const [first, second] = evaluation!.cases;
    const drifting = {
      ...first!,
      drift: { turn: 3, persona: second!.persona },
      turns: first!.turns.map((turn) =>
        turn.turn === 2
          ? {
              ...turn,
              checks: { found: ['repetition', 'oversharing'] as const, kept: 'oversharing' as const },
            }
          : turn,
      ),
    };
    const { page } = await open({ evaluations: [{ ...evaluation!, cases: [drifting] }] });
    expect(await texts(page, '#reader .drift')).toEqual(['The user changes here.']);
    const [before, after] = await texts(page, '#reader .persona');
    expect(before).toContain(first!.persona.profile.facts[0]);
    expect(after).toContain(second!.persona.profile.facts[0]);
    expect(await texts(page, '#reader .user .fate')).toEqual([
      '2 drafts rejected: repetition, oversharing; kept despite: oversharing',
    ]);
  });

  test('shows the sub-scores of a turn, and in words what the response honours and violates', async () => {
    const [evaluation] = ordinary.evaluations!;
    const [first] = evaluation!.cases;
    const judgement = {
      score: 4,
      status: 'scored',
      aspects: { tone: 4, form: 5, uptake: 3 },
      honoured: ['T1'],
      violated: [],
    } as const;
    const cases = [{ ...first!, turns: [{ ...first!.turns[0]!, judgement }] }];
    const { page } = await open({ evaluations: [{ ...evaluation!, cases }] });
    const shown = (await texts(page, '[data-turn] > .judgement')).join();
    expect(shown).toContain('Tone 4, form 5, uptake 3');
    expect(shown).toContain(`Honours:T1${first!.persona.personality.traits[0]}`);
    expect(shown).not.toContain('Violates');
  });

  test('shows both responses of a corpus, the branch not taken, and lets one read on from either', async () => {
    const { page } = await open({ conversations: syntheticTrees(1) });
    expect(await texts(page, '.preferred h5')).toHaveLength(4);
    expect(await texts(page, '.fate')).toContain('branch not taken');
    const before = await texts(page, '#reader .user .written');
    await page.click('.rejected button');
    expect(await page.$eval('.rejected button', (button) => button.getAttribute('aria-pressed'))).toBe(
      'true',
    );
    const after = await texts(page, '#reader .user .written');
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after).not.toEqual(before);
  });

  test('shows the verdict on each pair, who wrote a response, and those that were not chosen', async () => {
    const { page, trouble } = await open({ conversations: [judgedTree()] });
    expect(await texts(page, '[data-turn] > .judgement > p')).toEqual([
      'Picks the preferred response in both orders, by 2 of 3.',
      'Picks the rejected response in both orders, by 2 of 3.',
      'Undecided: the orders disagree.',
    ]);
    expect(await text(page, '.judgement h5')).toBe('Judge of the pairrefereereferee-2026-01');
    expect(await texts(page, '[data-turn="3"] .votes tbody tr')).toEqual([
      expect.stringContaining('preferredpreferred, clearly'),
      expect.stringContaining('rejectedrejected, clearly'),
    ]);
    expect(await texts(page, '[data-turn="1"] .preferred > h5 > .fate')).toEqual(
      expect.arrayContaining(['large-teacher', 'rated 8.5 of 10']),
    );
    expect(await texts(page, '[data-turn="1"] .preferred details')).toEqual([
      '2 responses not chosen3 wordssmall-teacherrated 6 of 10Boats need names.1 wordlarge-teachertruncated at the token limitAhoy',
    ]);
    expect(await texts(page, '[data-turn="1"] .rejected details')).toEqual([]);
    expect((await texts(page, '#reader .note')).join()).toContain(
      'Models: large-teacher, small-teacher for the preferred responses, writer for the rejected.',
    );
    await page.select('#filter-status', 'pair-rejected');
    expect(await texts(page, '.met-filter h4')).toEqual(['Turn 2']);
    expect(trouble).toEqual({ errors: [], requests: [] });
  });

  test('draws a conversation that branches, and a click on a turn shows its branch', async () => {
    const { page } = await open({ conversations: syntheticTrees(2) });
    const pressed = () =>
      page.$$eval('.tree-map button', (buttons) =>
        buttons.map((button) => [button.title, button.getAttribute('aria-pressed')].join(': ')),
      );
    expect((await pressed()).filter((each) => each.endsWith('true'))).toHaveLength(4);
    expect(await pressed()).toHaveLength(6);
    const before = await texts(page, '#reader .user .written');
    const apart = await page.$$('.tree-map button[aria-pressed="false"]');
    await apart.at(-1)!.click();
    const shown = (await pressed()).filter((each) => each.endsWith('true'));
    expect(shown).toHaveLength(4);
    expect(shown.at(-1)).toMatch(/^Turn 4, after \w+, rejected, /);
    const after = await texts(page, '#reader .user .written');
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after).not.toEqual(before);
    await page.click('.preferred button');
    expect((await pressed()).filter((each) => each.endsWith('true')).at(-1)).toMatch(/, preferred, /);
    await page.click('[role="option"]:nth-child(2)');
    expect(await page.$('.tree-map')).toBeNull();
  });

  test('a cell of a heat map opens its conversation at its turn', async () => {
    const { page } = await open(ordinary);
    const cells = await page.$$('[data-candidate="2"] [data-mark="cell"] rect');
    await cells[4 * 5 + 2]!.click();
    expect(await chosen(page)).toBe('aloe-006');
    expect(await text(page, '.source bdi')).toBe(ordinary.evaluations![2]!.candidate.name);
    expect(await text(page, '.met-filter h4')).toBe('Turn 3');
  });

  test('whatever a model wrote stays text', async () => {
    const { page, trouble } = await open({
      evaluations: [hostileEvaluation()],
      conversations: [hostileTree()],
    });
    const places = [
      '[data-turn] .user .written',
      '[data-turn] .response .written',
      '[data-turn] > .judgement > .written',
      '[data-turn] > details > .judgement > .written',
      '.turn:not([data-turn]) .user .written',
      '.turn:not([data-turn]) .response .written',
    ];
    for (const place of places) {
      expect(await page.$$eval(`#reader ${place}`, (all) => all.map((each) => each.textContent))).toEqual(
        HOSTILE_TEXTS,
      );
    }
    const strange = '#reader :is(img, svg, iframe, style, script, form, link, meta, base, input)';
    expect(await page.$$(strange)).toEqual([]);
    await page.keyboard.press('j');
    for (const place of ['.rejected .written', '.alternative .written', '.votes .written']) {
      expect(await page.$$eval(`#reader ${place}`, (all) => all.map((each) => each.textContent))).toEqual(
        HOSTILE_TEXTS,
      );
    }
    expect(await page.$$(strange)).toEqual([]);
    expect(await page.$$(strange.replace('#reader', '#pairs'))).toEqual([]);
    const sideways = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(sideways).toBeLessThanOrEqual(0);
    expect(await page.evaluate('"hurt" in window')).toBe(false);
    expect(trouble).toEqual({ errors: [], requests: [] });
  });

  test('a megabyte of text is cut until it is asked for', async () => {
    const plain = syntheticEvaluation({ name: 'long', cases: 1, turns: 2, missing: 0 });
    const cases = plain.cases.map((played) => ({
      ...played,
      turns: played.turns.map((turn) => ({ ...turn, response: longText })),
    }));
    const { page } = await open({ evaluations: [{ ...plain, cases }] });
    expect((await text(page, '.response .written')).length).toBeLessThan(10_000);
    await page.click('.response button');
    expect(await page.$eval('.response .written', (written) => written.textContent?.length)).toBe(
      longText.length,
    );
  });

  test('follows the system’s colours and the button', async () => {
    const { page } = await open(ordinary);
    const paper = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    const light = await paper();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.click('#theme-toggle');
    expect(await paper()).toBe(light);
    expect(await text(page, '#theme-toggle')).toBe('Dark colours');
  });

  test('does not scroll sideways on a phone', async () => {
    const { page } = await open(ordinary);
    await page.setViewport({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  test('is printed with its tables, charts and the open conversation, on white', async () => {
    const { page } = await open(ordinary);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await page.emulateMediaType('print');
    const isShown = (selector: string) => page.$eval(selector, (element) => element.checkVisibility());
    expect(await isShown('#entries')).toBe(false);
    expect(await isShown('#filters')).toBe(false);
    expect(await isShown('#reader h3')).toBe(true);
    const style = 'getComputedStyle(document.documentElement)';
    expect(await page.evaluate(`${style}.backgroundColor`)).toBe('rgb(255, 255, 255)');
    const pdf = await page.pdf({ format: 'A4' });
    expect(new TextDecoder().decode(pdf.slice(0, 5))).toBe('%PDF-');
  });

  test.each(['light', 'dark'])('is usable with a screen reader and to be read, %s', async (scheme) => {
    const { page } = await open(ordinary);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    // By the debugger, which the page's policy does not bind.
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
