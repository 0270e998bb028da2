import type { Browser } from 'puppeteer-core';

/** One picture of the page. */
interface Shot {
  /** Name of its file. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
  /** The address that is opened, from `#`. */
  readonly hash?: string;
  /** Whether to follow the first link of the table of comparisons, to two candidates side by side. Default false. */
  readonly isCompared?: boolean;
  /** The element that is pictured. Default: what the window shows. */
  readonly element?: string;
}

/** In the demo, a conversation whose first pair is short: the sixth after 24 cases. */
const PAIR = '#conversation-29';

export const SHOTS: readonly Shot[] = [
  { name: 'report', width: 1060, height: 620, scheme: 'light' },
  { name: 'report-dark', width: 1060, height: 620, scheme: 'dark' },
  { name: 'compare', width: 1120, height: 800, scheme: 'light', isCompared: true, element: '.reading' },
  { name: 'compare-dark', width: 1120, height: 800, scheme: 'dark', isCompared: true, element: '.reading' },
  { name: 'pair', width: 1120, height: 1600, scheme: 'light', hash: PAIR, element: '.reading .turn' },
  { name: 'pair-dark', width: 1120, height: 1600, scheme: 'dark', hash: PAIR, element: '.reading .turn' },
  { name: 'phone', width: 390, height: 844, scheme: 'dark', isCompared: true },
];

/** Sharp on screens with small pixels, and still a small file. */
const SCALE = 1.5;

/** PNG of one view of the page; null if this page does not have it. */
export async function takeShot(browser: Browser, address: string, shot: Shot): Promise<Uint8Array | null> {
  const { width, height, scheme, hash = '', isCompared = false, element } = shot;
  const page = await browser.newPage();
  try {
    await page.setViewport({ width, height, deviceScaleFactor: SCALE });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(`${address}${hash}`);
    if (isCompared) {
      const link = await page.$('#comparisons tbody a');
      if (link === null) return null;
      await link.click();
      await page.waitForSelector('.strips');
    }
    if (element === undefined) return await page.screenshot();
    return (await (await page.$(element))?.screenshot()) ?? null;
  } finally {
    await page.close();
  }
}
