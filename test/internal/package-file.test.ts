import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { packageFile } from '../../src/internal/package-file.ts';

test('a shipped file is found from the sources', async () => {
  expect(JSON.parse(await readFile(packageFile('package.json'), 'utf8'))).toMatchObject({
    name: 'aloe-align',
  });
});
