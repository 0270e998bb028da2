/**
 * How long a report of 6 candidates x 100 cases x 10 turns takes to load, to search, to filter, to compare and to scroll
 * in headless Chromium. Run with `node bench/report.ts [--rounds 5] [--quick]`.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { writeReport } from '../src/report/render-report.ts';
import { launchBrowser } from '../test/report/browser.ts';
import { syntheticEvaluations } from '../test/report/report-data.ts';
import { benchOptions, judged, saveFigure } from './measure.ts';

/** Scrolls from top to bottom, one wheel step per frame, and returns the frame times. */
const SCROLL = `new Promise((resolve) => {
  const frames = [];
  let last = performance.now();
  requestAnimationFrame(function step(now) {
    frames.push(now - last);
    last = now;
    const before = scrollY;
    scrollBy(0, 100);
    if (scrollY === before) resolve(frames.slice(1));
    else requestAnimationFrame(step);
  });
})`;

/** Sets a field of the filters and returns the time until the next paint. */
const fillIn = (id: string, value: string) => `new Promise((resolve) => {
  const field = document.getElementById('${id}');
  const start = performance.now();
  field.value = '${value}';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
})`;

interface Round {
  readonly loadMs: number;
  readonly searchMs: number;
  readonly filterMs: number;
  readonly compareMs: number;
  /** Share of frames that took no longer than two frames at 60 Hz. */
  readonly smooth: number;
}

const { quick, rounds } = benchOptions();
const folder = await mkdtemp(join(tmpdir(), 'aloe-bench-report-'));
const path = join(folder, 'report.html');
// Responses as long as those of real models, about 600 characters.
const evaluations = syntheticEvaluations(quick ? 20 : 100, 10).map((evaluation) => ({
  ...evaluation,
  cases: evaluation.cases.map((played) => ({
    ...played,
    turns: played.turns.map((turn) => ({ ...turn, response: `${turn.response}\n\n`.repeat(4) })),
  })),
}));
const start = performance.now();
await writeReport({ evaluations }, path);
const renderMs = performance.now() - start;
const { size } = await stat(path);

const results: Round[] = [];
const browser = await launchBrowser();
try {
  for (let round = 0; round < rounds; round++) {
    results.push(await openReport(browser));
    console.error(JSON.stringify(results.at(-1)));
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}

await saveFigure('report', {
  quick,
  rounds: results,
  rows: [
    judged(
      'report',
      'load, 6 x 100 x 10',
      results.map(({ loadMs }) => loadMs),
      { atMost: 2_000, digits: 0, unit: ' ms' },
    ),
    judged(
      'report',
      'frames within 34 ms while scrolling',
      results.map(({ smooth }) => 100 * smooth),
      { atLeast: 95, digits: 1, unit: ' %' },
    ),
    judged(
      'report',
      'first search in all conversations',
      results.map(({ searchMs }) => searchMs),
      { digits: 0, unit: ' ms' },
    ),
    judged(
      'report',
      'filter by score',
      results.map(({ filterMs }) => filterMs),
      { digits: 0, unit: ' ms' },
    ),
    judged(
      'report',
      'two candidates side by side, sorted by difference',
      results.map(({ compareMs }) => compareMs),
      { digits: 0, unit: ' ms' },
    ),
    judged('report', 'written, with its comparisons', [renderMs], { digits: 0, unit: ' ms' }),
    judged('report', 'size', [size / 1_000_000], { digits: 1, unit: ' MB' }),
  ],
});

async function openReport(opened: Browser): Promise<Round> {
  const page = await opened.newPage();
  await page.setViewport({ width: 1_280, height: 900 });
  await page.goto(pathToFileURL(path).href);
  const loadMs = await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd");
  const frames = (await page.evaluate(SCROLL)) as readonly number[];
  const searchMs = await page.evaluate(fillIn('filter-words', 'onions'));
  const filterMs = await page.evaluate(fillIn('filter-from', '5'));
  await page.evaluate(fillIn('filter-from', ''));
  await page.evaluate(fillIn('filter-words', ''));
  const compareMs = await page.evaluate(fillIn('filter-with', 'bare'));
  await page.close();
  return {
    loadMs: loadMs as number,
    searchMs: searchMs as number,
    filterMs: filterMs as number,
    compareMs: compareMs as number,
    smooth: frames.filter((frame) => frame <= 34).length / frames.length,
  };
}
