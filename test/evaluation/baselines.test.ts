import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { caseAt } from '../../src/benchmark/benchmark-case.ts';
import { driftCases } from '../../src/benchmark/drift-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { chainOfThought } from '../../src/evaluation/baselines/chain-of-thought.ts';
import { oracle } from '../../src/evaluation/baselines/oracle.ts';
import { reminder } from '../../src/evaluation/baselines/reminder.ts';
import { selfCritic } from '../../src/evaluation/baselines/self-critic.ts';
import { wrongPersona } from '../../src/evaluation/baselines/wrong-persona.ts';
import type { Candidate } from '../../src/evaluation/candidate.ts';
import { memoryRun, type Run } from '../../src/runs/run.ts';
import type { ScriptedModel } from '../../src/testing/scripted-model.ts';
import { benchmarkCases, fakeJudge, fakeModel, fakeUser } from './fakes.ts';

/** Says which of its calls it answers, and with what seed: `answer-17`. */
const stepModel = (): ScriptedModel =>
  fakeModel('steps', ({ seed }, { place }) => `${place?.role.split(':')[1] ?? 'bare'}-${seed}`);

async function play(candidate: Candidate, options: { cases?: number; turns?: number; run?: Run } = {}) {
  const { cases = 2, turns = 2, run = memoryRun({ seed: 3 }) } = options;
  return new AloeEvaluator({
    run,
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(cases),
    turns,
  }).evaluate(candidate);
}

const lastOf = (model: ScriptedModel, call: number): string =>
  model.calls[call]!.request.messages.at(-1)!.content;

describe.each([
  ['oracle', oracle, 'oracle@2', 1],
  [
    'wrongPersona',
    (model: ScriptedModel) => wrongPersona(model, { cases: benchmarkCases(9) }),
    'oracle@2',
    1,
  ],
  ['reminder', reminder, 'reminder@1', 1],
  ['chainOfThought', chainOfThought, 'chain-of-thought@1', 2],
  ['selfCritic', selfCritic, 'self-critic@1', 3],
] as const)('%s', (_name, make, prompt, callsPerTurn) => {
  it(`makes ${callsPerTurn} calls a turn, each with a place and a seed of its own, and tells its prompt`, async () => {
    const model = stepModel();
    const result = await play(make(model));
    expect(result.candidate.prompt).toMatchObject({ name: prompt });
    expect(model.calls).toHaveLength(2 * 2 * callsPerTurn);
    expect(new Set(model.calls.map(({ request }) => request.seed)).size).toBe(model.calls.length);
    expect(new Set(model.calls.map(({ options }) => JSON.stringify(options.place))).size).toBe(
      model.calls.length,
    );
  });

  it('gives the same result again, and from the journal without a call', async () => {
    const first = await play(make(stepModel()));
    const run = memoryRun({ seed: 3 });
    const [one, two] = [stepModel(), stepModel()];
    expect(await play(make(one), { run })).toEqual(first);
    expect(await play(make(two), { run })).toEqual(first);
    expect(two.calls).toHaveLength(0);
  });

  it('leaves nothing of its own in the conversation', async () => {
    const model = stepModel();
    const result = await play(make(model), { cases: 1, turns: 2 });
    const [first, second] = result.cases[0]!.turns;
    const heard = model.calls.at(callsPerTurn)!.request.messages.filter(({ role }) => role !== 'system');
    expect(heard.slice(0, 2).map(({ content }) => content)).toEqual([first!.user, first!.response]);
    expect(heard[2]!.content.startsWith(second!.user)).toBe(true);
  });

  it('refuses what is no model by name', () => {
    expect(() => make({} as ScriptedModel)).toThrow('"model"');
  });
});

describe('wrongPersona', () => {
  const told = (model: ScriptedModel) => model.calls.map(({ request }) => request.messages[0]!.content);

  it('tells a persona of which neither profile nor personality is the case’s own, the same at every turn', async () => {
    const model = stepModel();
    await play(wrongPersona(model, { cases: benchmarkCases(9) }), { cases: 1, turns: 3 });
    expect(new Set(told(model)).size).toBe(1);
    expect(told(model)[0]).toMatch(/Lives in town number [2-9]/);
  });

  it('follows the seed', async () => {
    const tell = async (seed: number) => {
      const model = stepModel();
      await play(wrongPersona(model, { cases: benchmarkCases(50), seed }), { cases: 8, turns: 1 });
      return told(model).sort();
    };
    expect(await tell(1)).toEqual(await tell(1));
    expect(await tell(1)).not.toEqual(await tell(2));
  });

  it('is the same person after the user has changed', () => {
    const cases = driftCases(aloeCases().slice(0, 10), { turn: 2, seed: 1 });
    const { messages } = wrongPersona(stepModel(), { cases });
    const toldAt = (turn: number) => cases.map((own) => messages!([], caseAt(own, turn))[0]!.content);
    expect(toldAt(2)).toEqual(toldAt(1));
  });

  it('takes one who wants the opposite where that is asked for', async () => {
    const cases = ruleCases(aloeCases().slice(0, 12));
    const model = stepModel();
    const evaluator = new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases,
      turns: 1,
      concurrency: 1,
    });
    await evaluator.evaluate(wrongPersona(model, { cases, draw: 'opposite' }));
    const partners = cases.map((_, index) => cases[index % 2 === 0 ? index + 1 : index - 1]!.persona);
    expect(told(model)).toEqual(partners.map(({ profile }) => expect.stringContaining(profile.facts[0]!)));
  });

  it('cannot be the opposite where no case has rules', () => {
    expect(() => wrongPersona(stepModel(), { draw: 'opposite' })).toThrow(
      /"draw": expected "any", since no case has rules, got "opposite"\. .*ruleCases/,
    );
  });

  it('refuses cases among which a case has no other', async () => {
    await expect(play(wrongPersona(stepModel(), { cases: benchmarkCases(1) }))).rejects.toThrow('"cases"');
  });
});

describe('reminder', () => {
  it('stands at the end of the last message only', async () => {
    const model = stepModel();
    await play(reminder(model), { cases: 1, turns: 3 });
    for (const { request } of model.calls) {
      const withNote = request.messages.filter(({ content }) => content.includes('do not mention this note'));
      expect(withNote).toEqual([request.messages.at(-1)]);
    }
  });
});

describe('chainOfThought', () => {
  it('shows the answer and not the thoughts, which it has at hand', async () => {
    const model = stepModel();
    const { cases } = await play(chainOfThought(model), { cases: 1, turns: 1 });
    expect(cases[0]!.turns[0]!.response).toMatch(/^answer-/);
    expect(lastOf(model, 1)).toMatch(/Your thoughts about this: thoughts-\d+\n/);
  });

  it('answers plainly when it has no thoughts', async () => {
    const model = fakeModel('steps', (_request, { place }) =>
      place?.role === 'candidate:thoughts' ? '<think>nothing comes' : 'A reply.',
    );
    const { cases } = await play(chainOfThought(model), { cases: 1, turns: 1 });
    expect(cases[0]!.turns[0]!.response).toBe('A reply.');
    expect(lastOf(model, 1)).toBe(cases[0]!.turns[0]!.user);
  });
});

describe('selfCritic', () => {
  it('answers, criticises and answers again', async () => {
    const model = stepModel();
    const { cases } = await play(selfCritic(model), { cases: 1, turns: 1 });
    const said = model.calls[2]!.request.messages.filter(({ role }) => role === 'assistant');
    expect(said.map(({ content }) => content.split('-')[0])).toEqual(['draft', 'critique']);
    expect(cases[0]!.turns[0]!.response).toMatch(/^answer-/);
  });

  it.each(['critique', 'answer'])('keeps its first answer when the %s is empty', async (step) => {
    const model = fakeModel('steps', (_request, { place }) =>
      place?.role === `candidate:${step}` ? ' ' : `${place?.role}`,
    );
    const { cases } = await play(selfCritic(model), { cases: 1, turns: 1 });
    expect(cases[0]!.turns[0]!.response).toBe('candidate:draft');
  });
});
