import { describe, expect, it } from 'vitest';
import type { BenchmarkCase } from '../../src/benchmark/benchmark-case.ts';
import { steeredRolePlayerPrompt } from '../../src/conversations/prompts/steered-role-player.ts';
import { ModelCallError } from '../../src/errors.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import type { Judge } from '../../src/evaluation/judge.ts';
import { type Persona, pairPersona } from '../../src/personas/persona.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeModel, fakeUser, verdict } from './fakes.ts';

const focusIn = (content: string): string => /Write about this: ([^\n.]+)\./.exec(content)![1]!;

/** The prompt of {@link openUser}. */
const prompts = { user: steeredRolePlayerPrompt };

/** A user who tells the fact that is asked for, and another message each time. */
const openUser = () =>
  fakeModel('user', ({ messages, seed }) => `${focusIn(messages.at(-1)!.content)}, my friend ${seed}.`);

const persona = (name: string, traits: readonly string[]): Persona =>
  pairPersona(
    {
      id: 'profile',
      facts: ['Breeds tiny goats', 'Climbs steep cliffs', 'Fears loud thunder', 'Mends broken clocks'],
    },
    { id: name, traits },
  );
const calm = persona('calm', ['Enjoys patient explanations', 'Dislikes silly jokes']);
const wild = persona('wild', ['Craves rapid punchlines', 'Dislikes silly jokes']);

describe('what is wrong with users’ messages', () => {
  it('is repaired, kept or fatal, and counted in the result', async () => {
    const user = fakeModel('user', ({ seed }, { place }) => {
      const { subject, turn, sample } = place!;
      if (subject.startsWith('case-1/') && turn === 2)
        return sample === 0 ? 'As an AI, I cannot.' : `Bees ${seed}.`;
      if (subject.startsWith('case-2/') && turn === 3) return 'How can I help you today?';
      return `My bees did trick ${seed} today.`;
    });
    const evaluator = new AloeEvaluator({ user, judge: fakeJudge(), cases: benchmarkCases(3), turns: 3 });
    const result = await evaluator.evaluate(fakeCandidate());
    expect(result.userChecks).toEqual({
      messages: 9,
      problems: [{ problem: 'assistant-voice', found: 2, repaired: 1, kept: 0, failed: 1 }],
    });
    expect(result.cases[0]!.turns[1]!.checks).toEqual({ found: ['assistant-voice'] });
    expect(result.cases[1]!.failure).toMatchObject({
      turn: 3,
      role: 'user',
      problems: ['assistant-voice', 'assistant-voice', 'assistant-voice'],
    });
    expect(result.cases[2]!.turns.every(({ checks }) => checks === undefined)).toBe(true);
    expect(describeEvaluation(result)).toContain('assistant-voice in 2 (1 repaired, 0 kept, 1 failed)');
  });

  it('is asked of a model where one is given, which is shown the persona and can only choose a statement', async () => {
    const model = fakeModel('checker', ({ messages }) =>
      messages.at(-1)!.content.includes('trick 0')
        ? '{"evidence": "My bees", "fault": "Contradiction", "statement": "f2: Keeps bees"}'
        : '{"fault": "none"}',
    );
    const user = fakeModel('user', (_request, { place }) => `My bees did trick ${place?.sample} today.`);
    const evaluator = new AloeEvaluator({
      user,
      judge: fakeJudge(),
      cases: benchmarkCases(1),
      turns: 1,
      userChecks: { model },
    });
    const { cases, lock } = await evaluator.evaluate(fakeCandidate());
    expect(cases[0]!.turns[0]).toMatchObject({
      user: 'My bees did trick 1 today.',
      checks: { found: ['contradiction'] },
    });
    expect(user.calls[1]!.request.messages.at(-1)!.content).toContain('Keeps bees');
    expect(model.calls[0]!.request.messages[0]!.content).toContain('F2: Keeps bees');
    expect(lock.user.checks).toMatchObject({ model: 'checker', prompt: 'user-check@1' });
  });

  it('is counted where the candidate gave no response, too', async () => {
    const user = fakeModel('user', (_request, { place }) =>
      place!.turn === 2 && place!.sample === 0 ? 'How can I help you?' : `Bees at ${place!.turn}.`,
    );
    const candidate = scriptedModel((_request, { place }) =>
      place!.turn === 2
        ? new ModelCallError('candidate', 'too long', { status: 400, retryable: false })
        : 'Ah.',
    );
    const { cases, userChecks } = await new AloeEvaluator({
      user,
      judge: fakeJudge(),
      cases: benchmarkCases(1),
      turns: 3,
    }).evaluate(candidate);
    expect(cases[0]!.failure).toMatchObject({ turn: 2, role: 'candidate' });
    expect(userChecks).toEqual({
      messages: 2,
      problems: [{ problem: 'assistant-voice', found: 1, repaired: 1, kept: 0, failed: 0 }],
    });
  });

  it('passes when the model that is asked gives no valid answer', async () => {
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(1),
      turns: 1,
      userChecks: { model: scriptedModel('Hm.') },
    });
    const result = await evaluator.evaluate(fakeCandidate());
    expect(result.userChecks).toEqual({ messages: 1, problems: [], unchecked: 1 });
    expect(result.cases[0]!.turns[0]!.checks).toEqual({ found: [], unchecked: true });
    expect(describeEvaluation(result)).toContain('No valid answer of the checking model about 1.');
  });

  it.each([
    ['role-reversal', '{"evidence": "x", "fault": "role_reversal", "statement": null}'],
    ['third-person-fact', '{"fault": "third-person fact"}'],
    ['oversharing', '```json\n{"evidence": "", "fault": "oversharing", "statement": "F9"}\n```'],
  ])('keeps and marks a message in which the model alone finds %s', async (problem, answer) => {
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(1),
      turns: 1,
      userChecks: { model: scriptedModel(answer) },
    });
    const { cases } = await evaluator.evaluate(fakeCandidate());
    expect(cases[0]!.turns[0]!.checks).toEqual({ found: [problem, problem, problem], kept: problem });
  });

  it('does not believe a contradiction of a statement that does not exist', async () => {
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(1),
      turns: 1,
      userChecks: { model: scriptedModel('{"fault": "contradiction", "statement": "F99"}') },
    });
    expect((await evaluator.evaluate(fakeCandidate())).userChecks.unchecked).toBe(1);
  });
});

describe('the revelation curve', () => {
  it('is the share of traits that the inducer says are revealed, beside AL(k)', async () => {
    const inducer = fakeModel('inducer', ({ outputSchema }) => {
      const { properties } = outputSchema!.schema as {
        properties: { revealed: { items: { enum: string[] } } };
      };
      return JSON.stringify({ revealed: properties.revealed.items.enum.slice(0, 1) });
    });
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      inducer,
      cases: benchmarkCases(2),
      turns: 5,
    });
    const result = await evaluator.evaluate(fakeCandidate());
    expect(result.inducer).toBe('inducer');
    expect(result.cases[0]!.turns.map(({ revealed }) => revealed)).toEqual([
      ['F1'],
      ['F1', 'F2'],
      ['F1', 'F2', 'T1'],
      ['F1', 'F2', 'T1', 'T2'],
      ['F1', 'F2', 'T1', 'T2'],
    ]);
    expect(result.revelation!.map(({ share, cases }) => [share, cases])).toEqual([
      [0.25, 2],
      [0.5, 2],
      [0.75, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(inducer.calls).toHaveLength(8);
    expect(describeEvaluation(result)).toContain('| Revealed | 25 % | 50 % | 75 % | 100 % | 100 % |');
  });

  it('works side by side with the candidate: in sequence, this would never end', async () => {
    let asked = () => {};
    const whenAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const inducer = fakeModel('inducer', () => {
      asked();
      return '{"revealed": []}';
    });
    const candidate = fakeModel('candidate', async () => {
      await whenAsked;
      return 'A reply.';
    });
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      inducer,
      cases: benchmarkCases(1),
      turns: 1,
    });
    expect((await evaluator.evaluate(candidate)).revelation).toEqual([{ turn: 1, share: 0, cases: 1 }]);
  });

  it('counts what users tell in words where no model is given', async () => {
    const result = await new AloeEvaluator({
      user: openUser(),
      prompts,
      judge: fakeJudge(),
      inducer: 'words',
      cases: [{ id: 'a', persona: calm }],
      turns: 4,
    }).evaluate(fakeCandidate());
    expect(result.inducer).toBe('words');
    expect(result.revelation!.map(({ share }) => share)).toEqual([1 / 6, 2 / 6, 3 / 6, 4 / 6]);
  });

  it('adds nothing at a turn whose inducer fails, and the case goes on', async () => {
    const inducer = fakeModel('inducer', (_request, { place }) => {
      if (place?.turn === 2)
        throw new ModelCallError('inducer', 'too long.', { retryable: false, status: 400 });
      return '{"revealed": ["F1"]}';
    });
    const result = await new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      inducer,
      cases: benchmarkCases(1),
      turns: 2,
    }).evaluate(fakeCandidate());
    expect(result.cases[0]!.turns.map(({ revealed }) => revealed)).toEqual([['F1'], ['F1']]);
    expect(result.cases[0]!.failure).toBeUndefined();
  });

  it('is null where nobody is asked', async () => {
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(1),
      turns: 1,
    });
    const result = await evaluator.evaluate(fakeCandidate());
    expect([result.revelation, result.inducer]).toEqual([null, null]);
    expect(result.cases[0]!.turns[0]).not.toHaveProperty('revealed');
  });
});

describe('a user who changes', () => {
  const drifting: BenchmarkCase = { id: 'drift', persona: calm, drift: { turn: 3, persona: wild } };

  it('is another persona from the turn on, for role-player, judge and candidate', async () => {
    const user = openUser();
    const judged: string[] = [];
    const judge: Judge = {
      id: 'own',
      async judge({ case: { persona, ...rest } }) {
        judged.push(`${persona.personality.id}${'drift' in rest ? ' and drift' : ''}`);
        return { score: 3, status: 'scored' };
      },
    };
    const shown: string[] = [];
    await new AloeEvaluator({ user, prompts, judge, cases: [drifting], turns: 4 }).evaluate({
      name: 'told',
      model: fakeCandidate(),
      messages(conversation, { persona }) {
        shown.push(persona.personality.id);
        return conversation;
      },
    });
    expect(judged).toEqual(['calm', 'calm', 'wild', 'wild']);
    expect(shown).toEqual(['calm', 'calm', 'wild', 'wild']);
    const systems = user.calls.map(({ request }) => request.messages[0]!.content);
    expect(systems.map((text) => text.includes('Craves rapid punchlines'))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(systems.map((text) => text.includes('Until lately the character was another'))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('loses what was revealed of the former self, keeps the rest, and is heard from the drift on', async () => {
    const inducer = fakeModel('inducer', (_request, { place }) => {
      const found = [['F1', 'T1', 'T2'], [], ['T1']][place!.turn! - 1]!;
      return JSON.stringify({ revealed: found });
    });
    const result = await new AloeEvaluator({
      user: openUser(),
      prompts,
      judge: fakeJudge(),
      inducer,
      cases: [drifting],
      turns: 3,
    }).evaluate(fakeCandidate());
    expect(result.cases[0]!.turns.map(({ revealed }) => revealed)).toEqual([
      ['F1', 'T1', 'T2'],
      ['F1', 'T1', 'T2'],
      ['F1', 'T1', 'T2'],
    ]);
    const atDrift = inducer.calls[2]!.request.messages.at(-1)!.content;
    expect(atDrift).toContain('Found before: F1, T2.');
    expect(atDrift).toContain(result.cases[0]!.turns[2]!.user);
    expect(atDrift).not.toContain(result.cases[0]!.turns[1]!.user);
  });

  it('has its recovery measured, of the mean and case by case', async () => {
    const scores: Record<string, readonly number[]> = {
      a: [4, 4, 2, 3, 4],
      b: [4, 4, 2, 2, 2],
      c: [3, 3, 3, 3, 3],
    };
    const judge = fakeModel('judge', (_request, { place }) =>
      verdict(scores[place!.subject.split('/')[0]!]![place!.turn! - 1]!),
    );
    const cases: BenchmarkCase[] = [
      { ...drifting, id: 'a' },
      { ...drifting, id: 'b' },
      { id: 'c', persona: calm },
    ];
    const result = await new AloeEvaluator({ user: openUser(), prompts, judge, cases, turns: 5 }).evaluate(
      fakeCandidate(),
    );
    expect(result.recovery).toEqual({
      cases: 2,
      before: 4,
      after: [2, 2.5, 3],
      turnsToRecover: null,
      measured: 2,
      recovered: 1,
      medianTurns: 2,
    });
    expect(describeEvaluation(result)).toContain(
      'Taken individually, 1 of 2 cases recovered (median 2 turns).',
    );
    expect(result.cases[0]!.drift).toEqual(drifting.drift);
  });

  it('has no recovery where nobody changes', async () => {
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(1),
      turns: 2,
    });
    expect((await evaluator.evaluate(fakeCandidate())).recovery).toBeNull();
  });

  it.each([
    ['at the first turn', { turn: 1, persona: wild }],
    ['after the last turn', { turn: 5, persona: wild }],
    ['into nobody', { turn: 2 }],
  ])('%s is refused by name', (_when, drift) => {
    const cases = [{ id: 'x', persona: calm, drift }] as BenchmarkCase[];
    expect(
      () => new AloeEvaluator({ user: openUser(), prompts, judge: fakeJudge(), cases, turns: 4 }),
    ).toThrow('"cases[0].drift"');
  });
});

describe('a conversation of 25 turns', () => {
  const long = { prompts, judge: fakeJudge(), cases: [{ id: 'a', persona: calm }], turns: 25 };

  it('asks for each fact in its turn, and for something new when one comes again', async () => {
    const user = openUser();
    const result = await new AloeEvaluator({ ...long, user }).evaluate(fakeCandidate());
    const asked = user.calls.map(({ request }) => request.messages.at(-1)!.content);
    const facts = asked.map(focusIn);
    expect(new Set(facts.slice(0, 4)).size).toBe(4);
    expect(facts).toEqual(facts.map((_, index) => facts[index % 4]));
    expect(asked.map((content) => content.includes('say something new'))).toEqual(
      asked.map((_, index) => index >= 4),
    );
    expect(result.levels).toHaveLength(25);
    expect(result.improvementRate).not.toBeNull();
    expect(result.levels.map(({ level }) => level)).toEqual(result.levels.map(({ turn }) => 1 + (turn % 5)));
  });

  it('shows user and candidate the last turns only, where that is asked for', async () => {
    const [user, candidate] = [openUser(), fakeCandidate()];
    const evaluator = new AloeEvaluator({ ...long, user, shownTurns: { user: 4, candidate: 3 } });
    const { cases, lock } = await evaluator.evaluate(candidate);
    const last = candidate.calls.at(-1)!.request.messages;
    expect(last.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(last[0]!.content).toBe(cases[0]!.turns[22]!.user);
    const heard = user.calls.at(-1)!.request.messages;
    const own = heard.filter(({ role }) => role === 'assistant').map(({ content }) => content);
    expect(own.slice(-3)).toEqual(cases[0]!.turns.slice(21, 24).map((turn) => turn.user));
    expect(own).not.toContain(cases[0]!.turns[20]!.user);
    expect([lock.user.shownTurns, lock.responses.shownTurns]).toEqual([4, 3]);
  });

  it('still finds a message that repeats one that is not shown any more', async () => {
    const user = fakeModel('user', ({ seed }, { place }) =>
      place?.turn === 1 || (place?.turn === 9 && place.sample === 0)
        ? 'The goats are out again.'
        : `Goat ${seed}.`,
    );
    const evaluator = new AloeEvaluator({ ...long, user, turns: 9, shownTurns: { user: 1 } });
    const { cases } = await evaluator.evaluate(fakeCandidate());
    expect(cases[0]!.turns[8]!.checks).toEqual({ found: ['repetition'] });
    expect(user.calls.at(-1)!.request.messages.filter(({ role }) => role === 'assistant')).toHaveLength(4);
  });
});

it.each([
  ['inducer', { inducer: 'letters' }],
  ['attempts', { attempts: 0 }],
  ['userChecks.maxStatements', { userChecks: { maxStatements: 0 } }],
  ['userChecks.model', { userChecks: { model: {} } }],
  ['shownTurns.user', { shownTurns: { user: 0 } }],
  ['shownTurns.candidate', { shownTurns: { candidate: 1.5 } }],
])('refuses a bad %s by name', (option, wrong) => {
  const valid = { user: fakeUser(), judge: fakeJudge(), cases: benchmarkCases(2) };
  expect(() => new AloeEvaluator({ ...valid, ...wrong } as never)).toThrow(`"${option}"`);
});
