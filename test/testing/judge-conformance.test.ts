import { describe, expect, test } from 'vitest';
import type { Judge, Judgement } from '../../src/evaluation/judge.ts';
import { checklistJudge } from '../../src/evaluation/judges/checklist-judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { panelJudge } from '../../src/evaluation/judges/panel.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import { type ConformanceCheck, judgeConformance, scriptedModel } from '../../src/testing/index.ts';

const holistic = () => holisticJudge(scriptedModel('{"rationale": "Dry.", "score": 4}'));
const checklist = () =>
  checklistJudge(
    scriptedModel(({ outputSchema }) =>
      outputSchema?.name === 'checklist'
        ? '{"items": ["Is it dry?", "Is it short?", "Does it ask?"]}'
        : '{"1": "yes", "2": "no", "3": "yes"}',
    ),
  );

describe.each<[string, () => Judge]>([
  ['holisticJudge', holistic],
  ['holisticJudge without a verdict', () => holisticJudge(scriptedModel('Hm.'))],
  [
    'holisticJudge, several samples',
    () => holisticJudge(scriptedModel('{"rationale": "", "score": 2}'), { samples: 3 }),
  ],
  ['checklistJudge', checklist],
  ['ruleJudge', ruleJudge],
  ['panel', () => panelJudge([holistic(), checklist(), ruleJudge()])],
])('%s keeps the contract', (_name, create) => {
  for (const { name, run } of judgeConformance(create)) test(name, run);
});

/** The names of the checks that an implementation does not pass. */
async function failures(checks: readonly ConformanceCheck[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(checks.map((check) => check.run()));
  return checks.filter((_, index) => outcomes[index]!.status === 'rejected').map(({ name }) => name);
}

describe('judgeConformance finds out', () => {
  const giving = (judgement: unknown) => (): Judge => ({
    id: 'own',
    judge: async () => judgement as Judgement,
  });
  let made = 0;

  test.each<[string, () => Judge, RegExp]>([
    ['an id of two lines', () => ({ ...giving({ score: 3, status: 'scored' })(), id: 'a\nb' }), /^its id/],
    [
      'another id each time',
      () => ({ ...giving({ score: 3, status: 'scored' })(), id: `judge-${made++}` }),
      /^its id/,
    ],
    ['a score of 0', giving({ score: 0, status: 'scored' }), /^it gives a score/],
    ['no score without a reason', giving({ score: null, status: 'scored' }), /^it gives a score/],
    [
      'an input that is changed',
      () => ({
        id: 'own',
        async judge({ conversation }) {
          (conversation as unknown[]).pop();
          return { score: 3, status: 'scored' };
        },
      }),
      /^it leaves the input/,
    ],
    [
      'an abort that is swallowed',
      () => ({
        id: 'own',
        async judge(_input, { signal } = {}) {
          return signal?.aborted ? { score: null, status: 'judge-failed' } : { score: 3, status: 'scored' };
        },
      }),
      /^after an abort/,
    ],
  ])('%s', async (_name, create, check) => {
    const failed = await failures(judgeConformance(create));
    expect(failed.length).toBeGreaterThan(0);
    for (const name of failed) expect(name).toMatch(new RegExp(`${check.source}|^it judges`));
    expect(failed).toEqual(expect.arrayContaining([expect.stringMatching(check)]));
  });
});
