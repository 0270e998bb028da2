/**
 * Writes what the documentation has from elsewhere: what the tutorial's program prints, the list of pages, `llms.txt` and the
 * charts. Tests tell when they are stale.
 *
 *   node tools/docs/write-pages.ts
 */
import { readFile, writeFile } from 'node:fs/promises';
import { runProgramOf } from './program.ts';
import { writtenFiles } from './written-files.ts';

const ROOT = new URL('../../', import.meta.url);
const tutorial = new URL('docs/tutorial.md', ROOT);
await writeFile(tutorial, await runProgramOf(await readFile(tutorial, 'utf8')));
for (const [path, text] of await writtenFiles()) await writeFile(new URL(path, ROOT), text);
