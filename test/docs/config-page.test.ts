import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../src/config/config-schema.ts';
import { configPage } from '../../tools/docs/config-tables.ts';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test.each(['docs/config.md', 'README.md'])('the config files shown in %s are valid', async (path) => {
  const [, ...shown] = (await read(path)).split(/^```yaml\n/m);
  expect(shown.length).toBeGreaterThan(0);
  for (const text of shown) configSchema.parse(parse(text.split('```')[0]!));
});

test('the page has a row for every option, with its default', async () => {
  const page = await read('docs/config.md');
  for (const row of ['| `conversations.turns` ', '| `training` ']) expect(page).not.toContain(row);
  expect(page).toMatch(/^\| `personalitiesPerProfile` \| 10 \| /m);
  expect(page).toMatch(/^\| `responses\.maxOutputTokens` \| \| Maximum length/m);
  expect(page).toMatch(/^\| `method` \|.*`wrong-persona`/m);
});

test('a table of a section that the config does not have is refused', () => {
  expect(() => configPage('<!-- options: evaluation.turns -->\n<!-- /options -->')).toThrow('no options');
});
