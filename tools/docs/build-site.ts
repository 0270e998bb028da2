/**
 * Builds the documentation as a site in `site/`: `npm run docs`. No page or script of it has an absolute path in it, so it works
 * in any folder of any server, and can be read from disk (without search, since browsers load no modules from there).
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { llmsFullText, onSite } from './llms-text.ts';
import { relocatePage, relocateScript } from './relocate.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SITE = join(ROOT, 'site');
/** Stands for the folder of the site until it is replaced; found nowhere else. */
const BASE = '/aloe-docs-base/';

process.env.ALOE_DOCS_BASE = BASE;
// Its configuration reads the variable.
const { build } = await import('vitepress');
await build(join(ROOT, 'docs'));

for (const name of await readdir(SITE, { recursive: true })) {
  const path = join(SITE, name);
  if (name.endsWith('.html')) {
    await writeFile(path, relocatePage(await readFile(path, 'utf8'), name.replaceAll('\\', '/'), BASE));
  } else if (name.endsWith('.js')) {
    await writeFile(path, relocateScript(await readFile(path, 'utf8'), BASE));
  }
}

await writeFile(join(SITE, 'llms.txt'), onSite(await readFile(join(ROOT, 'llms.txt'), 'utf8')));
await writeFile(join(SITE, 'llms-full.txt'), await llmsFullText());
