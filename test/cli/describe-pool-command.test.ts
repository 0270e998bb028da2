import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lexicalEmbedder } from '../../src/embeddings/lexical.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { runAloe } from './run-program.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-describe-'));
  const sizes = { profiles: 20, personalities: 12 };
  const pool = await PersonaPool.grow({ model: scriptedModel(''), embedder: lexicalEmbedder(), ...sizes });
  await pool.save(join(dir, 'pool.json'));
});
afterAll(() => rm(dir, { recursive: true }));

test('aloe pool describe writes a page and says what the pool covers', { timeout: 300_000 }, async () => {
  const words = ['pool', 'describe', 'pool.json', '--embedder', 'lexical', '--out', 'out.html'];
  const { code, stdout } = await runAloe(words, { cwd: dir });
  expect(code).toBe(0);
  expect(stdout).toContain('20 profiles. Similarity to the nearest neighbour: median 0.19,');
  expect(stdout).toContain('None is above the threshold of 0.5.');
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('out.html');
  const page = await readFile(join(dir, 'out.html'), 'utf8');
  expect(page).toContain('<title>Persona pool</title>');
  expect(page).toContain('Map of the profiles');
  expect(page).toContain('Map of the personalities');
  expect(page).toContain('<th scope="row"><bdi>16-24</bdi></th>');
  expect(page).toContain('profile-seed-20');
});

test('aloe pool describe --json prints the description', { timeout: 300_000 }, async () => {
  const words = ['pool', 'describe', 'pool.json', '--embedder', 'lexical', '--json', '--out', 'j.html'];
  const { stdout } = await runAloe(words, { cwd: dir });
  expect(JSON.parse(stdout)).toMatchObject({
    page: 'j.html',
    embedder: 'lexical:v1',
    profiles: { size: 20, origins: { seed: 20 } },
  });
});

test('aloe pool describe refuses a file that is no pool', { timeout: 300_000 }, async () => {
  const { code, stderr } = await runAloe(['pool', 'describe', 'out.html', '--embedder', 'lexical'], {
    cwd: dir,
  });
  expect(code).toBe(2);
  expect(stderr).toContain('is not JSON');
});
