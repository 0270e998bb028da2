/**
 * Bundles the script and style of each HTML page into a `page-assets.ts` beside its folder `page/`. The result is a build
 * product (git ignores it) that sources, tests and the package all import. `npm ci`, `npm run build`, `npm run check` and
 * every test run make it; run `npm run build:pages` yourself after a change if you start the sources directly.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

/** Folders with a page, from the root of the repository. */
const PAGES: readonly string[] = ['src/report', 'src/agreement', 'src/control'];

/** Writes every `page-assets.ts`. */
export async function writePageAssets(): Promise<void> {
  await Promise.all(
    PAGES.map(async (page) => {
      await writeFile(new URL(`../${page}/page-assets.ts`, import.meta.url), await renderPageAssets(page));
    }),
  );
}

async function renderPageAssets(page: string): Promise<string> {
  const source = (name: string) => fileURLToPath(new URL(`../${page}/page/${name}`, import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), 'aloe-page-'));
  try {
    await build({
      config: false,
      silent: true,
      entry: { script: source('main.ts'), style: source('index.css') },
      outDir,
      platform: 'browser',
      format: 'iife',
      minify: true,
      target: 'es2023',
      tsconfig: fileURLToPath(new URL('../src/page/browser/tsconfig.json', import.meta.url)),
    });
    const [script, style] = await Promise.all(
      ['script.global.js', 'style.css'].map((name) => readFile(join(outDir, name), 'utf8')),
    );
    return [
      `// Made from ${page}/page/ by \`npm run build:pages\`.\n`,
      constant('PAGE_SCRIPT', 'What makes the page move: a classic script.', script!),
      constant('PAGE_STYLE', 'Its style sheet.', style!),
    ].join('\n');
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

function constant(name: string, meaning: string, text: string): string {
  const literal = text.trim().replace(/[\\`]|\$\{/g, '\\$&');
  return `/** ${meaning} */\nexport const ${name}: string = \`${literal}\`;\n`;
}

if (import.meta.main) await writePageAssets();
