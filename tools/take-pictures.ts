/**
 * Takes the pictures of the report that README and docs show, into `docs/pictures/`: PNG of the page, and the charts as
 * SVG. `pictures.json` beside them names the files they were made from and the SHA-256 of the page that was pictured.
 *
 *   node tools/take-pictures.ts --demo                                                        takes them of the demo's study
 *   node tools/take-pictures.ts bare.json adaptive.json --conversations conversations.jsonl   takes them of these files
 *   node tools/take-pictures.ts                                                               again, of the same
 *   node tools/take-pictures.ts --check                                                       fails if they are stale
 *
 * The check renders the page and compares its sum, so it needs no browser: pixels differ between machines, the page does not.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readConversations } from '../src/conversations/conversation-files.ts';
import { replayStudy } from '../src/demo/replay-study.ts';
import { DEMO_TITLE } from '../src/demo/study.ts';
import { readEvaluation } from '../src/evaluation/evaluation-file.ts';
import type { ReportOptions } from '../src/report/report-options.ts';
import { launchBrowser } from '../test/report/browser.ts';
import { writePageAssets } from './build-pages.ts';
import { SHOTS, takeShot } from './pictures/shots.ts';

/** What the pictures were made from. Paths are relative to the repository. */
interface Inputs {
  /** Whether it is the demo's study. Then there are no files. */
  readonly demo?: boolean;
  readonly evaluations: readonly string[];
  readonly conversations: string | null;
  readonly title: string | null;
}

interface PictureList extends Inputs {
  /** SHA-256 of the page, in hexadecimal. */
  readonly page: string;
  readonly pictures: readonly string[];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'docs/pictures');
const LIST = join(FOLDER, 'pictures.json');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    conversations: { type: 'string' },
    demo: { type: 'boolean', default: false },
    title: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});

const taken = existsSync(LIST) ? (JSON.parse(await readFile(LIST, 'utf8')) as PictureList) : null;
const inputs = inputsOf();
await writePageAssets();
// Only now, since the report imports what the line above writes.
const { alignmentChart, averageChart, renderReport } = await import('../src/report/index.ts');
const options = await readInputs(inputs);
const html = renderReport(options);
const page = createHash('sha256').update(html).digest('hex');
if (values.check) await check();
else await take();

function inputsOf(): Inputs {
  const named = (path: string) => relative(ROOT, resolve(path)).replaceAll('\\', '/');
  const { demo, conversations, title = null } = values;
  if (demo) return { demo, evaluations: [], conversations: null, title };
  if (positionals.length > 0 || conversations !== undefined) {
    return {
      evaluations: positionals.map(named),
      conversations: conversations === undefined ? null : named(conversations),
      title,
    };
  }
  if (taken === null) throw new Error('Name the evaluation files to take pictures of, or --demo.');
  return taken;
}

async function readInputs({ demo, evaluations, conversations, title }: Inputs): Promise<ReportOptions> {
  if (demo) {
    const study = await replayStudy();
    return { evaluations: study.evaluations, conversations: study.trees, title: title ?? DEMO_TITLE };
  }
  return {
    evaluations: await Promise.all(evaluations.map((path) => readEvaluation(join(ROOT, path)))),
    conversations:
      conversations === null ? [] : await Array.fromAsync(readConversations(join(ROOT, conversations))),
    ...(title !== null && { title }),
  };
}

async function check(): Promise<void> {
  const missing = (taken?.pictures ?? []).filter((name) => !existsSync(join(FOLDER, name)));
  if (taken?.page === page && missing.length === 0) return;
  const why = missing.length > 0 ? `${missing.join(', ')} missing` : 'the report looks different now';
  console.error(
    `The pictures in docs/pictures are stale: ${why}. Take them again: node tools/take-pictures.ts`,
  );
  process.exitCode = 1;
}

async function take(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aloe-pictures-'));
  const browser = await launchBrowser();
  try {
    await mkdir(FOLDER, { recursive: true });
    for (const old of await readdir(FOLDER)) await rm(join(FOLDER, old));
    const path = join(folder, 'report.html');
    await writeFile(path, html);
    const pictures: string[] = [];
    const save = async (name: string, content: string | Uint8Array) => {
      await writeFile(join(FOLDER, name), content);
      pictures.push(name);
    };
    for (const shot of SHOTS) {
      const picture = await takeShot(browser, pathToFileURL(path).href, shot);
      if (picture !== null) await save(`${shot.name}.png`, picture);
    }
    const { evaluations = [] } = options;
    if (evaluations.length > 0) {
      await save('averages.svg', averageChart(evaluations));
      await save('levels.svg', alignmentChart(evaluations, { columns: Math.min(3, evaluations.length) }));
    }
    const list: PictureList = { ...inputs, page, pictures };
    await writeFile(LIST, `${JSON.stringify(list, null, 2)}\n`);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}
