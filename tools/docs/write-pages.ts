/**
 * Writes what the documentation has from elsewhere: the list of pages, `llms.txt` and the charts. A test tells when they are stale.
 *
 *   node tools/docs/write-pages.ts
 */
import { writeFile } from 'node:fs/promises';
import { writtenFiles } from './written-files.ts';

const ROOT = new URL('../../', import.meta.url);
for (const [path, text] of await writtenFiles()) await writeFile(new URL(path, ROOT), text);
