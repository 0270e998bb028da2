import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { runAloe } from './run-program.ts';

describe('aloe rate', { timeout: 300_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-rate-'));
    await saveEvaluation(
      evaluationOf([
        [1, 2, 3],
        [4, 5, 3],
      ]),
      join(folder, 'base.json'),
    );
  });
  afterAll(() => rm(folder, { recursive: true }));
  const rate = (...words: string[]) => runAloe(['rate', ...words], { cwd: folder });

  test('draws a sample, and measures agreement with the rater who filled it in', async () => {
    expect(await rate('sample', 'base.json', '--count', '6')).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(join(folder, 'rating/rate.html'), 'utf8')).toMatch(/^<!doctype html>/);
    const table = await readFile(join(folder, 'rating/rate.csv'), 'utf8');
    const { items } = JSON.parse(await readFile(join(folder, 'rating/key.json'), 'utf8'));
    await writeFile(join(folder, 'Ann.csv'), table.replace(/,,\r\n/g, ',3,\r\n'));
    const ratings = items.map(({ id, score }: { id: string; score: number }) => ({ id, rating: score }));
    await writeFile(
      join(folder, 'bob.json'),
      JSON.stringify({ schema: 'aloe-ratings/1', rater: 'Bob', ratings }),
    );

    const { code, stdout } = await rate('agree', 'rating/key.json', 'Ann.csv', 'bob.json');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\| judge and Bob \| 6\/6 \| 100 % \| 1\.000/m);
    const json = await rate('agree', 'rating/key.json', 'Ann.csv', 'bob.json', '--json');
    expect(
      JSON.parse(json.stdout).raters.map(({ sameRating }: { sameRating: number }) => sameRating),
    ).toEqual([2 / 6, 1]);
  });

  test('does not overwrite a table that may hold ratings', async () => {
    const words = ['sample', 'base.json', '--count', '6', '--out', 'filled'];
    expect(await rate(...words)).toMatchObject({ code: 0 });
    const table = join(folder, 'filled', 'rate.csv');
    await writeFile(table, 'my ratings');
    const { code, stderr } = await rate(...words, '--seed', '1');
    expect(code).toBe(2);
    expect(stderr).toContain(
      `There is a sample already: ${join('filled', 'rate.csv')}. It may hold ratings.`,
    );
    expect(await readFile(table, 'utf8')).toBe('my ratings');
  });

  test('--json names the files of a sample', async () => {
    const { stdout } = await rate('sample', 'base.json', '--count', '6', '--out', 'other', '--json');
    expect(JSON.parse(stdout)).toEqual({
      responses: 6,
      page: join('other', 'rate.html'),
      table: join('other', 'rate.csv'),
      key: join('other', 'key.json'),
    });
  });

  // Windows has no links for everyone.
  test.skipIf(process.platform === 'win32')(
    'replaces a symbolic link, and leaves its target alone',
    async () => {
      const out = join(folder, 'linked');
      await mkdir(out);
      await writeFile(join(folder, 'victim'), 'precious');
      await symlink(join(folder, 'victim'), join(out, 'rate.html'));
      expect(await rate('sample', 'base.json', '--count', '6', '--out', 'linked')).toMatchObject({ code: 0 });
      expect(await readFile(join(folder, 'victim'), 'utf8')).toBe('precious');
      expect(await readFile(join(out, 'rate.html'), 'utf8')).toMatch(/^<!doctype html>/);
    },
  );

  test.each([
    [['sample', 'base.json', '--count', '7'], 'Option "count": expected a whole number from 1 to 6, got 7'],
    [['sample', 'base.json', '--count', 'all'], 'Option "count"'],
    [['sample', 'none.json'], 'none.json: cannot be read'],
    [['agree', 'base.json', 'base.json'], 'base.json: is not a ratings file'],
    [['agree', 'rating/key.json'], 'RATINGS is missing. Files that raters saved'],
  ])('%j is refused in one sentence', async (words, message) => {
    const { code, stderr } = await rate(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
