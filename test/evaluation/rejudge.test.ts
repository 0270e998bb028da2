import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import type { EvaluationEvent } from '../../src/evaluation/evaluation-events.ts';
import { readEvaluation, saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import type { Judge, JudgeInput } from '../../src/evaluation/judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { panelJudge } from '../../src/evaluation/judges/panel.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import { memoryRun, type Run } from '../../src/runs/run.ts';
import { instantBatches } from '../models/batch/instant-batches.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeModel, fakeUser, verdict } from './fakes.ts';

const cases = ruleCases(benchmarkCases(4), { seed: 3 });
const play = (judge: Judge, run: Run = memoryRun({ seed: 3 })): Promise<EvaluationResult> =>
  new AloeEvaluator({ run, user: fakeUser(), judge, cases, turns: 3 }).evaluate(fakeCandidate());

describe('rejudge', () => {
  it('scores the same conversations with another judge, and generates nothing', async () => {
    const played = await play(ruleJudge());
    const judge = fakeModel('strict', () => verdict(2));
    const judged = await rejudge(played, judge);
    expect(judged.levels.map(({ level }) => level)).toEqual([2, 2, 2]);
    expect(judged.average).toBe(2);
    expect(judge.calls).toHaveLength(24);
    const words = ({ cases }: EvaluationResult) =>
      cases.map(({ caseId, turns }) => [caseId, turns.map(({ user, response }) => [user, response])]);
    expect(words(judged)).toEqual(words(played));
  });

  it('asks a judge in batches for all verdicts at once', async () => {
    const played = await play(ruleJudge());
    const judge = fakeModel('strict', () => verdict(2));
    const { model, batches } = instantBatches(judge);
    const run = memoryRun({ seed: 3, concurrency: 1 });
    expect(await rejudge(played, model, { run })).toEqual(await rejudge(played, judge));
    expect(batches.map((rows) => rows.length)).toEqual([24]);
  });

  it('shows a judge what it would have seen when it was played', async () => {
    const seen: Record<'played' | 'saved', JudgeInput[]> = { played: [], saved: [] };
    const watching = (kind: keyof typeof seen): Judge => ({
      id: 'watching',
      async judge(input) {
        seen[kind].push(structuredClone(input));
        return { score: 3, status: 'scored' };
      },
    });
    const silent = fakeModel('candidate', (_request, { place }) => (place?.turn === 1 ? '' : 'A reply.'));
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: watching('played'),
      cases: [{ ...cases[0]!, drift: { turn: 3, persona: cases[1]!.persona } }],
      turns: 4,
    });
    await rejudge(await evaluator.evaluate(silent), watching('saved'));
    expect(seen.saved).toEqual(seen.played);
    expect(seen.saved[0]!.conversation[1]!.content).toBe('…');
    expect(seen.saved.map(({ case: { persona } }) => persona.id)).toEqual(
      [0, 1, 1].map((index) => cases[index]!.persona.id),
    );
  });

  it('names the new judge in the lock, and nothing else changes there', async () => {
    const played = await play(ruleJudge());
    const judge = holisticJudge(fakeJudge());
    const judged = await rejudge(played, judge);
    const served = [{ id: 'judge', model: null }];
    expect(judged.lock).toEqual({ ...played.lock, judge: { id: judge.id, prompts: judge.prompts, served } });
    expect(() => compareEvaluations(played, judged)).toThrow('same rubric');
    const milder = await rejudge(played, holisticJudge(fakeJudge(), { temperature: 1 }));
    expect(compareEvaluations(judged, milder).warnings).toEqual([expect.stringMatching(/^Different judge/)]);
    expect(describeEvaluation(judged)).toContain(judge.id);
  });

  it('gives the very same result with the same judge', async () => {
    const played = await play(ruleJudge());
    expect(await rejudge(played, ruleJudge())).toEqual(played);
  });

  it('leaves failures, empty responses and turns that were not reached as they are', async () => {
    const evaluator = new AloeEvaluator({ user: fakeUser(), judge: ruleJudge(), cases, turns: 3 });
    const played = await evaluator.evaluate(
      fakeModel('candidate', (_request, { place }) => {
        if (place?.subject.startsWith('case-2') && place.turn === 2) throw new Error('broken');
        return place?.turn === 1 ? '' : 'A reply.';
      }),
    );
    const judged = await rejudge(played, holisticJudge(fakeJudge()));
    expect(judged.cases.map(({ turns }) => turns.length)).toEqual([3, 1, 3, 3]);
    expect(judged.cases[1]!.failure).toEqual(played.cases[1]!.failure);
    expect(judged.cases[0]!.turns[0]!.judgement).toEqual({ score: 1, status: 'no-response' });
    expect(judged.levels.map(({ scored, asked }) => [scored, asked])).toEqual([
      [4, 4],
      [3, 4],
      [3, 4],
    ]);
  });

  it('tells what it does, and can be stopped', async () => {
    const played = await play(ruleJudge());
    const events: EvaluationEvent[] = [];
    await rejudge(played, ruleJudge(), { onEvent: (event) => events.push(event) });
    const count = (type: string) => events.filter((event) => event.type === type).length;
    expect(['case-start', 'turn-end', 'case-end', 'evaluation-end'].map(count)).toEqual([4, 12, 4, 1]);
    const reason = new Error('enough');
    const stop = new AbortController();
    const judge = fakeModel('strict', () => {
      stop.abort(reason);
      return verdict(2);
    });
    await expect(rejudge(played, judge, { signal: stop.signal, concurrency: 1 })).rejects.toBe(reason);
    expect(judge.calls).toHaveLength(1);
  });

  it('refuses cases that the judge cannot judge, before it asks anybody', async () => {
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(2),
      turns: 1,
    });
    const played = await evaluator.evaluate(fakeCandidate());
    const other = fakeJudge();
    await expect(rejudge(played, panelJudge([holisticJudge(other), ruleJudge()]))).rejects.toThrow(
      InvalidOptionError,
    );
    expect(other.calls).toHaveLength(0);
    for (const none of [{}, { judge: fakeJudge() }]) {
      await expect(rejudge(played, none as never)).rejects.toThrow('expected a Judge or a ChatModel');
    }
    await expect(rejudge(played, fakeJudge(), { concurrency: 0 })).rejects.toThrow('"concurrency"');
  });
});

describe('with a journal', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aloe-rejudge-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('pays for no verdict twice: not for those of the evaluation, and not for its own', async () => {
    const run = memoryRun({ seed: 3 });
    const [first, second] = [fakeJudge(), fakeModel('second', () => verdict(5))];
    const played = await play(holisticJudge(first), run);
    await saveEvaluation(played, join(dir, 'played.json'));
    const read = await readEvaluation(join(dir, 'played.json'));
    expect(first.calls).toHaveLength(24);
    expect(await rejudge(read, holisticJudge(first), { run })).toEqual(played);
    const both = panelJudge([holisticJudge(first), holisticJudge(second)]);
    const judged = await rejudge(read, both, { run });
    expect([first.calls.length, second.calls.length]).toEqual([24, 24]);
    expect(await rejudge(read, both, { run })).toEqual(judged);
    expect([first.calls.length, second.calls.length]).toEqual([24, 24]);
  });
});

it('shows below the table how far votes lie apart', async () => {
  const played = await play(ruleJudge());
  const judges = [2, 3, 5].map((score) => holisticJudge(fakeModel(`gives-${score}`, () => verdict(score))));
  const markdown = describeEvaluation(await rejudge(played, panelJudge(judges)));
  expect(markdown).toContain(
    'Votes on the same response differ by 3.00 points on average, and by 2 or more on 12 of 12 responses.',
  );
  expect(describeEvaluation(played)).not.toContain('Votes');
});
