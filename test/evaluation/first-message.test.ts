import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ModelCallError } from '../../src/errors.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import type { AloeEvaluatorOptions } from '../../src/evaluation/evaluator-options.ts';
import { memoryRun, openRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { benchmarkCases, delayed, fakeCandidate, fakeJudge, fakeModel } from './fakes.ts';

/** A user behind a server without seeds: every message is another one. */
function seedlessUser() {
  let messages = 0;
  return fakeModel('user', () => `My bees did trick ${++messages} today.`);
}

function evaluatorOf(options: Partial<AloeEvaluatorOptions> & Pick<AloeEvaluatorOptions, 'user'>) {
  return new AloeEvaluator({
    run: memoryRun({ seed: 7 }),
    judge: fakeJudge(),
    cases: benchmarkCases(3),
    turns: 2,
    ...options,
  });
}

it.each<['one after the other' | 'at the same time']>([['one after the other'], ['at the same time']])(
  'the first message of a case is written once for candidates evaluated %s, without seeds too',
  async (when) => {
    const user = seedlessUser();
    const evaluator = evaluatorOf({ user: delayed(user, 5), repeats: 2 });
    const evaluate = (name: string) => evaluator.evaluate(fakeCandidate(name));
    const [one, two] =
      when === 'at the same time'
        ? await Promise.all([evaluate('one'), evaluate('two')])
        : [await evaluate('one'), await evaluate('two')];
    const at = (turn: number) =>
      [one, two].map(({ cases }) => cases.map(({ turns }) => turns[turn - 1]!.user));
    expect(at(1)[0]).toEqual(at(1)[1]);
    // Each simulation begins in its own way, and from the second turn on each candidate has its own conversation.
    expect(new Set([...at(1)[0]!, ...at(2).flat()]).size).toBe(6 + 12);
    expect(user.calls.map(({ options }) => options.place?.turn).filter((turn) => turn === 1)).toHaveLength(6);
    expect(one.served?.user?.map(({ answers }) => answers)).toEqual([12]);
  },
);

it('the drafts of the first message and their checks are shared as well', async () => {
  const user = fakeModel('user', (_request, { place }) =>
    place!.turn === 1 && place!.sample === 0 ? 'How can I help you today?' : `Bees ${place!.turn}.`,
  );
  const checker = fakeModel('checker', () => '{"fault": "none"}');
  const evaluator = evaluatorOf({ user, cases: benchmarkCases(1), userChecks: { model: checker }, turns: 1 });
  const [one, two] = [
    await evaluator.evaluate(fakeCandidate('one')),
    await evaluator.evaluate(fakeCandidate('two')),
  ];
  expect([user.calls.length, checker.calls.length]).toEqual([2, 1]);
  expect([one, two].map(({ cases }) => cases[0]!.turns[0]!.checks)).toEqual([
    { found: ['assistant-voice'] },
    { found: ['assistant-voice'] },
  ]);
});

it('a run that stopped between the checks of two drafts goes on without buying anything again', async () => {
  const dir = join(await mkdtemp(join(tmpdir(), 'aloe-drafts-')), 'run');
  const user = fakeModel('user', (_request, { place }) => `Bees, draft ${place!.sample}.`);
  let online = false;
  const checker = scriptedModel(
    ({ messages }) => {
      if (messages.at(-1)!.content.includes('draft 0')) return '{"fault": "role-reversal"}';
      return online
        ? '{"fault": "none"}'
        : new ModelCallError('checker', 'no credit', { status: 402, retryable: false });
    },
    { id: 'checker' },
  );
  async function evaluate() {
    const run = await openRun(dir, { seed: 7, maxRebought: 0 });
    try {
      const cases = benchmarkCases(1);
      return await evaluatorOf({ run, user, cases, userChecks: { model: checker }, turns: 1 }).evaluate(
        fakeCandidate(),
      );
    } finally {
      await run.close();
    }
  }
  await expect(evaluate()).rejects.toThrow('no credit');
  online = true;
  const { cases } = await evaluate();
  expect(cases[0]!.turns[0]!.checks).toEqual({ found: ['role-reversal'] });
});
