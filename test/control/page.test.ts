import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Control, createControl, type OpenControl } from '../../src/control/create-control.ts';
import { type LivePageServer, servePage } from '../../src/control/page-server.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { openRun, type Run } from '../../src/runs/run.ts';
import { beekeepers, cast } from '../conversations/fakes.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeUser } from '../evaluation/fakes.ts';
import { IN_BROWSER, launchBrowser, watch } from '../report/browser.ts';

const HOSTILE = '<img src=x onerror="document.title=1"></script><script>document.title = 2</script>';

let folder: string;
let run: Run;
let control: Control;
let open: OpenControl;
let page: LivePageServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-page-'));
  control = createControl({ total: 3, turns: 2 });
  run = await openRun(join(folder, 'run'), { seed: 7, onEvent: control.take });
  open = await control.open(run);
  page = await servePage('runs/<b>first</b>', open);
});
afterEach(async () => {
  page.close();
  await run.close();
  await rm(folder, { recursive: true });
});

/** Two conversations, whose responses are markup, and one case. */
async function play(): Promise<void> {
  const roles = cast({ preferred: () => HOSTILE });
  const builder = new ConversationTreeBuilder({ run, roles, turns: 2, onEvent: control.take });
  await Array.fromAsync(builder.build(beekeepers(2)));
  const cases = { cases: benchmarkCases(1), turns: 2 };
  const people = { user: fakeUser(), judge: fakeJudge() };
  await new AloeEvaluator({ run, ...people, ...cases, onEvent: control.take }).evaluate(fakeCandidate());
}

test.each(['port', 'live-port'])(
  'a port that is taken is refused, by the name it was given: %s',
  async (option) => {
    const taken = Number(new URL(page.url).port);
    await expect(servePage('second', open, taken, option)).rejects.toThrow(
      `Option "${option}": expected a free port (listen EADDRINUSE`,
    );
  },
);

interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function get(
  url: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    sent.on('error', reject).end();
  });
}

describe('the live page', () => {
  test('is served on the loopback interface, with a policy that allows its own script and nothing else', async () => {
    expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
    const { status, headers, body } = await get(page.url);
    expect(status).toBe(200);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; /);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(body).toContain('<h1>runs/&#60;b&#62;first&#60;/b&#62;</h1>');
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example'])(
    'is refused under the name %j, which another site may let point here',
    async (host) => {
      expect(await get(page.url, { headers: { host } })).toMatchObject({
        status: 403,
        body: 'Not from here.',
      });
    },
  );

  test('is found under any port, for it may be forwarded', async () => {
    expect(await get(page.url, { headers: { host: 'localhost:8080' } })).toMatchObject({ status: 200 });
  });

  test('is refused to pages of other sites, and without its token', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect(await get(`${page.url}state`, { headers: foreign })).toMatchObject({ status: 403 });
    const { origin, pathname } = new URL(page.url);
    for (const path of [
      '/',
      '/state',
      `${pathname.slice(0, -2)}x/state`,
      `${pathname}state/more`,
      `${pathname}x`,
    ]) {
      expect(await get(`${origin}${path}`)).toMatchObject({ status: 404 });
    }
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('cannot be written to with %s', async (method) => {
    expect(await get(`${page.url}state`, { method })).toMatchObject({ status: 405 });
    expect(run.steering!.pausedSince).toBeNull();
  });

  test('tells the state and what was finished', async () => {
    await play();
    const state = JSON.parse((await get(`${page.url}state`)).body);
    expect(state).toMatchObject({
      schema: 'aloe-live/1',
      finished: 3,
      progress: { conversations: { done: 3, total: 3 }, turns: 6, fraction: 1 },
      levels: [{ candidate: 'candidate', cases: 1, average: 2.5, turns: [{ mean: 2 }, { mean: 3 }] }],
    });
    const { pieces, next } = JSON.parse((await get(`${page.url}finished?after=1`)).body);
    expect(next).toBe(3);
    expect(pieces.map(({ kind }: { kind: string }) => kind)).toEqual(['conversation', 'case']);
    expect(await get(`${page.url}finished?after=-1`)).toMatchObject({ status: 404 });
  });
});

describe.runIf(IN_BROWSER)('the live page in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    ['light', 1_200],
    ['dark', 390],
  ] as const)(
    'shows the run in %s colours at %i pixels, as text, and says when it has ended',
    async (scheme, width) => {
      await play();
      const tab = await browser.newPage();
      const trouble = watch(tab);
      await tab.setViewport({ width, height: 800 });
      await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await tab.goto(page.url);
      await tab.waitForSelector('#entries button');
      const words = (selector: string) => tab.$eval(selector, (found) => found.textContent);
      expect(await words('#words')).toContain('3 of 3 conversations');
      expect(await words('#levels')).toContain('2.50');
      expect(await words('#finished-count')).toBe('3 finished.');
      const entries = await tab.$$('#entries button');
      expect(entries).toHaveLength(3);
      await entries[1]!.click();
      expect(await words('#reader')).toContain(HOSTILE);
      expect(await tab.title()).toBe('Live: runs/<b>first</b>');
      expect(await tab.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);

      run.steering!.pause();
      await tab.waitForFunction(`document.querySelector('#condition').textContent.startsWith('Paused')`);
      run.steering!.resume();
      const { origin } = new URL(page.url);
      expect(trouble.errors).toEqual([]);
      expect(trouble.requests.filter((url) => !url.startsWith(origin))).toEqual([]);
      page.close();
      await tab.waitForFunction(
        `document.querySelector('#condition').textContent.startsWith('The run has ended')`,
      );
      // What was read stays.
      expect(await words('#reader')).toContain(HOSTILE);
      await tab.close();
    },
  );
});
