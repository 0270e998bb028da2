import { readFile } from 'node:fs/promises';
import { docCharts } from './charts.ts';
import { configPage } from './config-tables.ts';
import { indexPage } from './index-pages.ts';
import { llmsText } from './llms-text.ts';

const ROOT = new URL('../../', import.meta.url);

/** Files of the documentation that are made from others: text by path from the root. */
export async function writtenFiles(): Promise<Map<string, string>> {
  const read = (path: string) => readFile(new URL(path, ROOT), 'utf8');
  const { description } = JSON.parse(await read('package.json'));
  const charts = await docCharts();
  return new Map([
    ['docs/README.md', indexPage(await read('docs/README.md'))],
    ['docs/config.md', configPage(await read('docs/config.md'))],
    ['llms.txt', llmsText(description)],
    ...Object.entries(charts).map(([name, svg]): [string, string] => [`docs/charts/${name}.svg`, svg]),
  ]);
}
