/**
 * Bundles the script and the style of the report's page into `src/report/page-assets.ts`, so that sources, tests and
 * the built package all have them without a file to look for. Run with `npm run build:page` after a change in
 * `src/report/page/`; a test fails where that was forgotten.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

const REPORT = new URL('../src/report/', import.meta.url);

/** The module as it should be. */
export async function renderPageAssets(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'aloe-report-page-'));
  try {
    await build({
      config: false,
      silent: true,
      entry: {
        script: fileURLToPath(new URL('page/main.ts', REPORT)),
        style: fileURLToPath(new URL('page/index.css', REPORT)),
      },
      outDir,
      platform: 'browser',
      format: 'iife',
      target: 'es2023',
      tsconfig: fileURLToPath(new URL('page/tsconfig.json', REPORT)),
    });
    const [script, style] = await Promise.all(
      ['script.global.js', 'style.css'].map((name) => readFile(join(outDir, name), 'utf8')),
    );
    return [
      '// Made from src/report/page/ by `npm run build:page`.\n',
      constant('PAGE_SCRIPT', 'What makes the page move: a classic script.', script!),
      constant('PAGE_STYLE', 'Its style sheet.', style!),
    ].join('\n');
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

function constant(name: string, meaning: string, text: string): string {
  // Paths of sources are of no use to a reader of the page.
  const code = text.replace(/^\s*\/[/*] \S*src\/report\/page\/.*\n/gm, '').trim();
  const literal = code.replace(/[\\`]|\$\{/g, '\\$&');
  return `/** ${meaning} */\nexport const ${name}: string = \`${literal}\`;\n`;
}

if (import.meta.main) await writeFile(new URL('page-assets.ts', REPORT), await renderPageAssets());
