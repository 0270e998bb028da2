import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { readEnvironmentFile } from '../../src/cli/environment-file.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-env-'));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rm(dir, { recursive: true }));

test('keys are read, a directory of the name is ignored', async () => {
  vi.stubEnv('SOME_API_KEY', undefined);
  await mkdir(join(dir, 'python'));
  readEnvironmentFile(join(dir, 'python'));
  readEnvironmentFile(join(dir, 'none'));
  await writeFile(join(dir, 'file'), 'SOME_API_KEY=abc\nPATH=/elsewhere\n');
  readEnvironmentFile(join(dir, 'file'));
  expect(process.env.SOME_API_KEY).toBe('abc');
  expect(process.env.PATH).not.toBe('/elsewhere');
});
