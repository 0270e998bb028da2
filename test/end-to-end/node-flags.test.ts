import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, runProgram } from '../cli/run-program.ts';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'aloe flags-')));
});
afterAll(() => rm(folder, { recursive: true }));

const PIPELINE = join(ROOT, 'test/end-to-end/node-flags/pipeline.ts');

/** What the pipeline may touch under `--permission`: reading the code, and its own directory. No network, no processes. */
async function permission(dir: string): Promise<string[]> {
  const readable = [ROOT, await realpath(join(ROOT, 'node_modules')), dir];
  return ['--permission', ...readable.map((path) => `--allow-fs-read=${path}`), `--allow-fs-write=${dir}`];
}

/** All at once: each flag only takes something away. */
async function strictest(dir: string): Promise<string[]> {
  const others = ['--disallow-code-generation-from-strings', '--frozen-intrinsics', '--disable-proto=throw'];
  return [...(await permission(dir)), ...others];
}

test('the whole pipeline runs and replays with no network, process, generated code or changed built-in', async () => {
  const dir = await mkdtemp(join(folder, 'run-'));
  const { code, stdout, stderr } = await runProgram([...(await strictest(dir)), PIPELINE, dir]);
  // Node announces experimental flags.
  expect(stderr.replaceAll(/^\(.*\n/gm, '')).toBe('');
  expect(stdout).toMatch(/^[1-9]\d* calls, then 0\n$/);
  expect(code).toBe(0);
});

test('--permission is in force: the same pipeline may not write elsewhere', async () => {
  const dir = await mkdtemp(join(folder, 'run-'));
  const { code, stderr } = await runProgram([
    ...(await permission(dir)),
    PIPELINE,
    join(folder, 'elsewhere'),
  ]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('ERR_ACCESS_DENIED');
});
