import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { runAloe } from './run-program.ts';

const scores = (better: number) =>
  Array.from({ length: 12 }, (_, index) => [2 + better, 2 + (index % 3) + better]);
const bare = evaluationOf(scores(0), { name: 'bare' });
const tuned = evaluationOf(scores(0.5), { name: 'tuned' });

describe('aloe compare', { timeout: 300_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-compare-'));
    const files = {
      'bare.json': bare,
      'tuned.json': tuned,
      'worse.json': evaluationOf(scores(-1), { name: 'worse' }),
      'longer.json': evaluationOf(
        scores(0).map((own) => [...own, 3]),
        { name: 'longer' },
      ),
      'few.json': evaluationOf([[1, 2]], { name: 'few' }),
    };
    for (const [name, result] of Object.entries(files)) await saveEvaluation(result, join(folder, name));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const compare = (...words: string[]) => runAloe(['compare', ...words], { cwd: folder });

  test('prints differences from the first, with intervals', async () => {
    const { code, stdout, stderr } = await compare('bare.json', 'tuned.json', 'worse.json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\| tuned vs\. bare \| \+0\.50 \[0\.50, 0\.50\] \|/m);
    expect(stdout).toMatch(/^\| worse vs\. bare \| -1\.00 \[-1\.00, -1\.00\] \|/m);
  });

  test('--json has the comparison of the library', async () => {
    const { stdout } = await compare('bare.json', 'tuned.json', '--json');
    const { candidates, comparisons } = JSON.parse(stdout);
    expect(candidates.map(({ file, name }: { file: string; name: string }) => [file, name])).toEqual([
      ['bare.json', 'bare'],
      ['tuned.json', 'tuned'],
    ]);
    expect(comparisons).toEqual([JSON.parse(JSON.stringify(compareEvaluations(bare, tuned)))]);
  });

  test.each([
    [['--fail-under', '0.5'], 0, '--fail-under 0.5 is met: the difference of tuned from bare is 0.500.'],
    [['--fail-under', '0.51', '--fail-by', 'interval'], 3, 'is not met: the interval of the difference'],
    [['--fail-under', '-2', 'worse.json'], 0, '--fail-under -2 is met: the difference of worse from bare'],
    [['--fail-under', '0', 'worse.json'], 3, '--fail-under 0 is not met: the difference of worse'],
  ])('a gate on the difference: %j gives %i', async (words, status, said) => {
    const { code, stderr } = await compare('bare.json', 'tuned.json', ...words);
    expect(code).toBe(status);
    expect(stderr).toContain(said);
  });

  test.each([
    [['bare.json'], 'OTHER is missing.'],
    [['bare.json', './bare.json'], './bare.json is given twice.'],
    [
      ['bare.json', 'few.json'],
      'few.json cannot be compared with bare.json. Expected the same cases as the first',
    ],
    [
      ['bare.json', 'longer.json'],
      'longer.json cannot be compared with bare.json. Expected 2 turns, as in the first (it has 3).',
    ],
    [['bare.json', 'tuned.json', '--fail-under', 'much'], 'expected a number, got "much"'],
    [['bare.json', 'none.json'], 'none.json: cannot be read (no such file).'],
    [['--base', 'bare.json', 'tuned.json'], 'There is no option "--base".'],
  ])('%j is refused with the files named', async (words, message) => {
    const { code, stdout, stderr } = await compare(...words);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
