import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runProgramOf } from '../../tools/docs/program.ts';

test('the tutorial prints what it says it prints', async () => {
  const page = await readFile(new URL('../../docs/tutorial.md', import.meta.url), 'utf8');
  expect(await runProgramOf(page)).toBe(page);
});
