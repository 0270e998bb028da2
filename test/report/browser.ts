import puppeteer, { type Browser, type Page } from 'puppeteer-core';

/** Whether tests in a real browser are wanted: they need Chromium. */
export const IN_BROWSER: boolean = process.env.ALOE_TEST_BROWSER === '1';

/** Debian's Chromium, or the one that ALOE_TEST_CHROMIUM names. */
export function launchBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: process.env.ALOE_TEST_CHROMIUM ?? '/usr/bin/chromium',
    // Containers run as root, where Chromium's sandbox does not start; the pages are our own.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

/** What went wrong or out while a page was open. */
export interface PageTrouble {
  /** Errors of scripts, of the policy and on the console. */
  readonly errors: string[];
  /** Addresses of all but the page itself and what it made. */
  readonly requests: string[];
}

export function watch(page: Page): PageTrouble {
  const trouble: PageTrouble = { errors: [], requests: [] };
  page.on('pageerror', (error) => trouble.errors.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) trouble.errors.push(message.text());
  });
  page.on('request', (request) => {
    const isPage = request.isNavigationRequest() && request.url().startsWith('file:');
    if (!isPage && !request.url().startsWith('blob:')) trouble.requests.push(request.url());
  });
  return trouble;
}
