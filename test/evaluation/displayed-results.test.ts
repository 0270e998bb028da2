import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { agreement } from '../../src/agreement/agreement.ts';
import { sampleForRating } from '../../src/agreement/sample-for-rating.ts';
import { estimateRun } from '../../src/estimate/estimate-run.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { readEvaluation, saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { validateDataset } from '../../src/validation/validate-dataset.ts';
import { useExportFolder } from '../preferences/export-files.ts';
import { fixtureTrees } from '../preferences/trees.ts';
import { evaluationOf } from './evaluation-data.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeUser } from './fakes.ts';

const folder = useExportFolder();

test('a result is shown as its table, from evaluate, readEvaluation and rejudge alike', async () => {
  const options = { user: fakeUser(), judge: fakeJudge(), cases: benchmarkCases(2), turns: 2 };
  const result = await new AloeEvaluator(options).evaluate(fakeCandidate('tuned'));
  const shown = inspect(result);
  expect(shown).toMatch(/^\| Model +\| +k=1 \| +k=2 \| Average \|/);
  expect(shown).toContain('2 cases, 2 turns, seed 0. Simulated user: user. Judge: ');
  expect(shown).not.toContain('My bees did');
  const path = `${folder.dir}/result.json`;
  await saveEvaluation(result, path);
  expect(inspect(await readEvaluation(path))).toBe(shown);
  expect(inspect(await rejudge(result, fakeJudge()))).toBe(shown);
  expect(Reflect.ownKeys({ ...result })).toEqual(Object.keys(result));
});

test('a comparison is shown as its differences', () => {
  const rows = (add: number) =>
    Array.from({ length: 8 }, (_, row) => [2 + (row % 2), 2, 3].map((each) => each + add));
  const shown = inspect(
    compareEvaluations(evaluationOf(rows(0), { name: 'base' }), evaluationOf(rows(1), { name: 'tuned' })),
  );
  expect(shown).toMatch(/^\| tuned minus base \| Difference \| +Interval \|/);
  expect(shown).toMatch(/^\| Average +\| +\+1\.00 \| +\[1\.00, 1\.00\] \|/m);
  expect(shown).toContain('Average by case: 8 better, 0 equal, 0 worse. 24 of 24 responses compared.');
});

test('estimates, agreement and checks of datasets are shown in words', async () => {
  const estimate = await estimateRun({
    conversations: { roles: fakeCandidate(), turns: 2, personas: 3 },
    prices: { candidate: { input: 1, output: 1 } },
  });
  expect(inspect(estimate)).toMatch(/^Estimate: \d+ model calls/);
  expect(inspect(estimate)).toMatch(/^\| role-player +\| /m);

  const { key } = sampleForRating(
    [
      evaluationOf([
        [1, 2],
        [3, 4],
      ]),
    ],
    { count: 4 },
  );
  const ratings = key.items.map(({ id, score }) => ({ id, rating: score }));
  const agreed = agreement({ key, ratings: [{ schema: 'aloe-ratings/1', rater: 'Ann', ratings }] });
  expect(inspect(agreed)).toContain('Ann');
  expect(inspect(agreed)).not.toContain('amongRaters');

  await new PreferenceExporter({ formats: [trlDpo()] }).write(fixtureTrees(), folder.dir);
  const report = await validateDataset(`${folder.dir}/trl-dpo.train.jsonl`);
  expect(inspect(report)).toMatch(/^## trl-dpo\.train\.jsonl\n\ntrl-dpo, jsonl, \d+ rows: no errors/);
});
