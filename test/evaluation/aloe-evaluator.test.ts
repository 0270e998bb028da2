import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rolePlayerPrompt } from '../../src/conversations/prompts/role-player.ts';
import { MissingKeyError, ModelCallError } from '../../src/errors.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { oracle } from '../../src/evaluation/baselines/oracle.ts';
import type { Candidate } from '../../src/evaluation/candidate.ts';
import type { EvaluationEvent } from '../../src/evaluation/evaluation-events.ts';
import type { Judge } from '../../src/evaluation/judge.ts';
import { checklistJudge } from '../../src/evaluation/judges/checklist-judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { panelJudge } from '../../src/evaluation/judges/panel.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import { VERSION } from '../../src/internal/version.ts';
import { promptName } from '../../src/models/prompt.ts';
import { memoryRun, openRun } from '../../src/runs/run.ts';
import { benchmarkCases, delayed, fakeCandidate, fakeJudge, fakeModel, fakeUser, verdict } from './fakes.ts';

const SHA256: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);

it('plays 100 cases of ten turns and gives AL(1..10) with the scores behind each', async () => {
  const user = fakeUser();
  const candidate = fakeCandidate();
  const judge = fakeJudge();
  const result = await new AloeEvaluator({ user, judge, cases: benchmarkCases(100) }).evaluate(candidate);

  expect(result.levels.map(({ level }) => level)).toEqual([2, 3, 4, 5, 1, 2, 3, 4, 5, 1]);
  expect(result.levels.every(({ scored, asked }) => scored === 100 && asked === 100)).toBe(true);
  expect(result.average).toBe(3);
  expect(result.cases.map(({ caseId }) => caseId)).toEqual(benchmarkCases(100).map(({ id }) => id));
  // Each response is judged for its user and for another persona.
  expect([user, candidate, judge].map(({ calls }) => calls.length)).toEqual([1000, 1000, 2000]);
});

it('refuses a judge whose model has no price under a budget in dollars, before any call', async () => {
  const [user, unpriced] = [fakeUser(), fakeModel('unpriced', () => verdict(3))];
  const run = memoryRun({ budget: { usd: 1 }, prices: { user: { input: 1, output: 1 } } });
  const options = { run, user, cases: benchmarkCases(1) };
  for (const judge of [
    unpriced,
    holisticJudge(unpriced),
    checklistJudge(unpriced),
    panelJudge([ruleJudge(), holisticJudge(unpriced)]),
  ]) {
    expect(() => new AloeEvaluator({ ...options, judge })).toThrow(/prices\["unpriced"\]/);
  }
  const played = await new AloeEvaluator({
    user,
    judge: fakeJudge(),
    cases: benchmarkCases(1),
    turns: 1,
  }).evaluate(fakeCandidate());
  await expect(rejudge(played, holisticJudge(unpriced), { run })).rejects.toThrow(/prices\["unpriced"\]/);
  expect(unpriced.calls).toHaveLength(0);
});

it('records who took part, with what prompts and seed', async () => {
  const evaluator = new AloeEvaluator({
    run: memoryRun({ seed: 7 }),
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(1),
    turns: 2,
    userMessages: { temperature: 0.4 },
    responses: { temperature: 0.5, maxOutputTokens: 99 },
  });
  const result = await evaluator.evaluate(oracle(fakeCandidate(), { name: 'told' }));
  expect(result).toMatchObject({
    schema: 'aloe-evaluation/3',
    candidate: { name: 'told', model: 'candidate', prompt: { name: 'oracle@2', sha256: SHA256 } },
    lock: {
      version: VERSION,
      user: {
        model: 'user',
        prompt: { name: promptName(rolePlayerPrompt), sha256: SHA256 },
        temperature: 0.4,
        maxOutputTokens: 300,
      },
      judge: {
        id: 'holistic:judge-aspects@2:t0:judge',
        prompts: [{ name: 'judge-aspects@2', sha256: SHA256 }],
      },
      responses: { temperature: 0.5, maxOutputTokens: 99 },
      cases: { count: 1, sha256: SHA256 },
      turns: 2,
      seed: 7,
    },
  });
});

it('lets the candidate see the conversation and nothing of the persona', async () => {
  const candidate = fakeCandidate();
  const evaluator = new AloeEvaluator({
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(1),
    turns: 3,
  });
  const { cases } = await evaluator.evaluate(candidate);
  const [first, second] = cases[0]!.turns;
  const asked = candidate.calls[2]!.request.messages;
  expect(asked.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
  expect(asked.slice(0, 3).map(({ content }) => content)).toEqual([
    first!.user,
    first!.response,
    second!.user,
  ]);
  expect(JSON.stringify(candidate.calls)).not.toContain('Dry wit');
});

it('shows every candidate the same user: the same seeds, whatever the candidate', async () => {
  const seeds = async (name: string) => {
    const user = fakeModel('user', ({ seed }) => `My bees did trick ${seed} today.`);
    const evaluator = new AloeEvaluator({
      user,
      judge: fakeJudge(),
      cases: benchmarkCases(3),
      turns: 4,
      concurrency: 1,
    });
    await evaluator.evaluate({ name, model: fakeCandidate() });
    return user.calls.map(({ request }) => request.seed);
  };
  const first = await seeds('first');
  expect(new Set(first).size).toBe(12);
  expect(await seeds('second')).toEqual(first);
});

it('keeps the reasoning of a candidate from the user and the judge', async () => {
  const candidate = fakeModel('candidate', () => '<think>They like bees.</think>Bees!');
  const judge = fakeJudge();
  const evaluator = new AloeEvaluator({ user: fakeUser(), judge, cases: benchmarkCases(1), turns: 2 });
  const { cases } = await evaluator.evaluate(candidate);
  expect(cases[0]!.turns.map(({ response }) => response)).toEqual(['Bees!', 'Bees!']);
  expect(JSON.stringify([judge.calls, candidate.calls])).not.toContain('They like bees');
});

it('does not depend on the order in which calls finish', async () => {
  const evaluate = async (maxMs: number, concurrency: number) => {
    const evaluator = new AloeEvaluator({
      user: delayed(fakeUser(), maxMs),
      judge: delayed(fakeJudge(), maxMs),
      cases: benchmarkCases(12),
      turns: 4,
      concurrency,
    });
    return evaluator.evaluate(delayed(fakeCandidate(), maxMs));
  };
  const alone = await evaluate(0, 1);
  expect(await evaluate(5, 8)).toEqual(alone);
});

it("judges a turn while the user's next message is made", async () => {
  let judging: (text: string) => void = () => {};
  const firstVerdict = new Promise<string>((resolve) => {
    judging = resolve;
  });
  const judge = fakeModel('judge', (_request, { place }) => (place?.turn === 1 ? firstVerdict : verdict(4)));
  // The first verdict comes only when the second message is asked for: in sequence, this would never end.
  const user = fakeModel('user', ({ seed }, { place }) => {
    if (place?.turn === 2) judging(verdict(5));
    return `My bees did trick ${seed} today.`;
  });
  const result = await new AloeEvaluator({ user, judge, cases: benchmarkCases(1), turns: 2 }).evaluate(
    fakeCandidate(),
  );
  expect(result.levels.map(({ level }) => level)).toEqual([5, 4]);
});

it('makes no call the second time on the same run directory', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-evaluator-'));
  const evaluate = async (own: boolean) => {
    const run = await openRun(dir, { seed: 3 });
    const judgeModel = fakeJudge();
    const models = [fakeUser(), fakeCandidate(), judgeModel] as const;
    const judge = own ? holisticJudge(run.model(judgeModel)) : judgeModel;
    try {
      const evaluator = new AloeEvaluator({
        run,
        user: models[0],
        judge,
        cases: benchmarkCases(5),
        turns: 3,
      });
      const result = await evaluator.evaluate(models[1]);
      return { result, calls: models.map(({ calls }) => calls.length) };
    } finally {
      await run.close();
    }
  };
  try {
    const first = await evaluate(false);
    expect(first.calls).toEqual([15, 15, 30]);
    for (const own of [false, true]) {
      const again = await evaluate(own);
      expect(again.calls).toEqual([0, 0, 0]);
      expect(again.result).toEqual(first.result);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

it('goes on where it was cut off, and pays only for what is missing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-evaluator-'));
  const play = async (stopAfter: number) => {
    const run = await openRun(dir);
    const stop = new AbortController();
    const candidate = fakeModel('candidate', () => {
      if (candidate.calls.length > stopAfter) stop.abort(new Error('power cut'));
      return 'A reply.';
    });
    const evaluator = new AloeEvaluator({
      run,
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(4),
      turns: 3,
      concurrency: 1,
    });
    try {
      const result = await evaluator
        .evaluate(candidate, { signal: stop.signal })
        .catch((error: Error) => error);
      return { result, calls: candidate.calls.length };
    } finally {
      await run.close();
    }
  };
  try {
    const cut = await play(5);
    expect(cut.result).toEqual(new Error('power cut'));
    const rest = await play(Number.POSITIVE_INFINITY);
    expect(rest.result).toMatchObject({ levels: [{ scored: 4 }, { scored: 4 }, { scored: 4 }] });
    expect(cut.calls + rest.calls).toBeLessThanOrEqual(13);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

it('throws the reason of the signal, and calls nothing more', async () => {
  const reason = new Error('enough');
  const stop = new AbortController();
  const candidate = fakeModel('candidate', () => {
    stop.abort(reason);
    return 'A reply.';
  });
  const evaluator = new AloeEvaluator({
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(20),
    concurrency: 2,
  });
  await expect(evaluator.evaluate(candidate, { signal: stop.signal })).rejects.toBe(reason);
  expect(candidate.calls.length).toBeLessThanOrEqual(2);

  const user = fakeUser();
  const before = new AloeEvaluator({ user, judge: fakeJudge(), cases: benchmarkCases(2) });
  await expect(before.evaluate(fakeCandidate(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(user.calls).toHaveLength(0);
});

const refused = () => new ModelCallError('candidate', 'context is full.', { retryable: false, status: 400 });

it('ends a case whose candidate fails, keeps its turns and plays the others', async () => {
  const candidate = fakeModel('candidate', (_request, { place }) => {
    if (place?.subject.startsWith('case-2/') && place.turn === 3) throw refused();
    return 'A reply.';
  });
  const evaluator = new AloeEvaluator({
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(3),
    turns: 5,
  });
  const result = await evaluator.evaluate(candidate);
  expect(result.cases.map(({ turns }) => turns.length)).toEqual([5, 2, 5]);
  expect(result.cases[1]?.failure).toEqual({
    turn: 3,
    role: 'candidate',
    code: 'model-call-failed',
    message: 'candidate: context is full.',
  });
  expect(result.cases[0]).not.toHaveProperty('failure');
  expect(result.levels.map(({ scored, asked }) => [scored, asked])).toEqual([
    [3, 3],
    [3, 3],
    [2, 3],
    [2, 3],
    [2, 3],
  ]);
});

it('records an error from outside the library without its secrets', async () => {
  const candidate = fakeModel('candidate', () => {
    throw new TypeError('no route, api_key=abcdefghijkl');
  });
  const evaluator = new AloeEvaluator({
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(1),
    turns: 2,
  });
  const { cases } = await evaluator.evaluate(candidate);
  expect(cases[0]?.failure).toMatchObject({ turn: 1, role: 'candidate', code: 'unknown' });
  expect(cases[0]?.failure?.message).toContain('no route');
  expect(cases[0]?.failure?.message).not.toContain('abcdefghijkl');
});

it('ends a case whose simulated user fails, and keeps the verdict that was under way', async () => {
  const user = fakeModel('user', ({ seed }, { place }) => {
    if (place?.turn === 2) throw refused();
    return `My bees did trick ${seed} today.`;
  });
  const result = await new AloeEvaluator({
    user,
    judge: fakeJudge(),
    cases: benchmarkCases(1),
    turns: 3,
  }).evaluate(fakeCandidate());
  expect(result.cases[0]?.turns.map(({ judgement }) => judgement.score)).toEqual([2]);
  expect(result.cases[0]?.failure).toMatchObject({ turn: 2, role: 'user', code: 'model-call-failed' });
  expect(result.levels.map(({ level }) => level)).toEqual([2, null, null]);
  expect(result.improvementRate).toBeNull();
});

it('throws what every case would meet', async () => {
  const candidate = fakeModel('candidate', () => {
    throw new MissingKeyError('OpenAI', 'OPENAI_API_KEY');
  });
  const evaluator = new AloeEvaluator({ user: fakeUser(), judge: fakeJudge(), cases: benchmarkCases(30) });
  await expect(evaluator.evaluate(candidate)).rejects.toThrow(MissingKeyError);
  expect(candidate.calls.length).toBeLessThanOrEqual(memoryRun().concurrency);
});

it('gives an empty response the score 1, does not show it to the judge, and goes on', async () => {
  const judge = fakeJudge();
  const candidate = fakeModel('candidate', (_request, { place }) =>
    place?.turn === 2 ? '  \n' : 'A reply.',
  );
  const evaluator = new AloeEvaluator({ user: fakeUser(), judge, cases: benchmarkCases(1), turns: 3 });
  const { cases, levels } = await evaluator.evaluate(candidate);
  expect(cases[0]?.turns[1]).toMatchObject({
    response: '  \n',
    judgement: { score: 1, status: 'no-response' },
  });
  expect(levels[1]).toEqual({ turn: 2, level: 1, scored: 1, asked: 1 });
  expect(judge.calls).toHaveLength(2);
  expect(candidate.calls[2]?.request.messages.every(({ content }) => content.trim() !== '')).toBe(true);
});

it('gives null with the reason where a verdict is malformed, and goes on', async () => {
  const judge = fakeModel('judge', (_request, { place }) => (place?.turn === 1 ? 'Lovely!' : verdict(4)));
  const evaluator = new AloeEvaluator({ user: fakeUser(), judge, cases: benchmarkCases(2), turns: 2 });
  const { cases, levels } = await evaluator.evaluate(fakeCandidate());
  expect(cases[0]?.turns[0]?.judgement).toMatchObject({ score: null, status: 'malformed-verdict' });
  expect(levels.map(({ level, scored }) => [level, scored])).toEqual([
    [null, 0],
    [4, 2],
  ]);
});

it.each([
  ['throws', () => Promise.reject(new Error('out of order')), 'judge-failed', 'out of order'],
  ['goes beyond the scale', async () => ({ score: 7, status: 'scored' }), 'malformed-verdict', 'score'],
  ['scores NaN', async () => ({ score: Number.NaN, status: 'scored' }), 'malformed-verdict', 'score'],
  [
    'scores null without a reason',
    async () => ({ score: null, status: 'scored' }),
    'malformed-verdict',
    'status',
  ],
  ['answers nothing', async () => undefined, 'malformed-verdict', 'own-judge'],
])('has a judgement also from a judge that %s', async (_name, answer, status, rationale) => {
  const judge = { id: 'own-judge', judge: answer } as Judge;
  const evaluator = new AloeEvaluator({ user: fakeUser(), judge, cases: benchmarkCases(1), turns: 1 });
  const { cases } = await evaluator.evaluate(fakeCandidate());
  expect(cases[0]?.turns[0]?.judgement).toMatchObject({ score: null, status });
  expect(cases[0]?.turns[0]?.judgement.rationale).toContain(rationale);
});

it('gives a judge the case, the conversation up to the user message, the place and a seed', async () => {
  const seen: unknown[] = [];
  const judge: Judge = {
    id: 'own-judge',
    async judge(input, options) {
      seen.push([
        input.case.id,
        input.conversation.length,
        input.response,
        options?.place?.turn,
        typeof options?.seed,
      ]);
      return { score: 3.5, status: 'scored' };
    },
  };
  const evaluator = new AloeEvaluator({ user: fakeUser(), judge, cases: benchmarkCases(1), turns: 2 });
  const result = await evaluator.evaluate(fakeModel('candidate', () => 'A reply.'));
  expect(seen).toEqual([
    ['case-1', 1, 'A reply.', 1, 'number'],
    ['case-1', 3, 'A reply.', 2, 'number'],
  ]);
  expect(result.average).toBe(3.5);
});

it('reports cases, turns and the end', async () => {
  const events: EvaluationEvent[] = [];
  const evaluator = new AloeEvaluator({
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(1),
    turns: 2,
    onEvent: (event) => events.push(event),
  });
  const result = await evaluator.evaluate(fakeCandidate());
  const common = { candidate: 'candidate', caseId: 'case-1', repeat: 1 };
  expect(events).toEqual([
    { type: 'case-start', ...common },
    { type: 'turn-end', ...common, turn: 1, score: 2, status: 'scored' },
    { type: 'turn-end', ...common, turn: 2, score: 3, status: 'scored' },
    {
      type: 'case-end',
      ...common,
      failure: undefined,
      played: expect.objectContaining({ caseId: common.caseId }),
    },
    { type: 'evaluation-end', candidate: 'candidate', result },
  ]);
});

it('tells the oracle the persona and the bare model nothing', async () => {
  const told = fakeCandidate('told');
  const evaluator = new AloeEvaluator({
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(1),
    turns: 1,
  });
  const result = await evaluator.evaluate(oracle(told));
  expect(told.calls[0]?.request.messages[0]?.role).toBe('system');
  expect(told.calls[0]?.request.messages[0]?.content).toContain('Dry wit');
  expect(told.calls[0]?.request.messages[0]?.content).toContain('Lives in town number 1');
  expect(result.candidate).toEqual({
    name: 'told, told the persona',
    model: 'told',
    prompt: { name: 'oracle@2', sha256: SHA256 },
  });
});

it('keeps a candidate that is an object with methods of its class', async () => {
  class Polite implements Candidate {
    readonly name = 'polite';
    readonly model = fakeCandidate();
    messages(): { role: 'user'; content: string }[] {
      return [{ role: 'user', content: this.name }];
    }
  }
  const polite = new Polite();
  const evaluator = new AloeEvaluator({
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(1),
    turns: 1,
  });
  await evaluator.evaluate(polite);
  expect(polite.model.calls[0]?.request.messages).toEqual([{ role: 'user', content: 'polite' }]);
});

const valid = { user: fakeUser(), judge: fakeJudge(), cases: benchmarkCases(2) };

it.each([
  ['no cases', { cases: [] }, 'cases'],
  ['a case id twice', { cases: [...benchmarkCases(1), ...benchmarkCases(1)] }, 'cases[1].id'],
  ['a case without a persona', { cases: [{ id: 'x', persona: {} }] }, 'cases[0].persona'],
  ['no turns', { turns: 0 }, 'turns'],
  ['half a turn', { turns: 2.5 }, 'turns'],
  ['no concurrency', { concurrency: 0 }, 'concurrency'],
  ['a user that is no model', { user: { id: 'x' } }, 'user'],
  ['a judge that is none', { judge: 'gpt' }, 'judge'],
  ['a negative temperature', { responses: { temperature: -1 } }, 'responses.temperature'],
  ['no output tokens', { responses: { maxOutputTokens: 0 } }, 'responses.maxOutputTokens'],
  [
    'a prompt for a judge that has its own',
    { judge: holisticJudge(fakeJudge()), prompts: { judge: { id: 'p', version: 1, messages: () => [] } } },
    'prompts.judge',
  ],
])('refuses %s by name', (_name, wrong, option) => {
  expect(() => new AloeEvaluator({ ...valid, ...wrong } as never)).toThrow(`"${option}"`);
});

it.each([
  ['no candidate', undefined, 'candidate'],
  ['a name in place of a model', 'gpt-4o', 'candidate'],
  ['a candidate without a model', { name: 'x' }, 'candidate.model'],
  ['a candidate without a name', { name: '', model: fakeCandidate() }, 'candidate.name'],
])('refuses %s by name', async (_name, candidate, option) => {
  await expect(new AloeEvaluator(valid).evaluate(candidate as never)).rejects.toThrow(`"${option}"`);
});
