import { describe, expect, it } from 'vitest';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import type { JudgeInput } from '../../src/evaluation/judge.ts';
import { type ChecklistJudgeOptions, checklistJudge } from '../../src/evaluation/judges/checklist-judge.ts';
import { assistant, user } from '../../src/messages.ts';
import { memoryRun } from '../../src/runs/run.ts';
import type { ScriptedModel } from '../../src/testing/scripted-model.ts';
import { benchmarkCases, fakeCandidate, fakeModel, fakeUser } from './fakes.ts';

const input: JudgeInput = {
  case: benchmarkCases(1)[0]!,
  conversation: [user('My bees are cross.'), assistant('Mine too.'), user('What now?')],
  response: 'Smoke, and a strong coffee.',
};
const ITEMS = ['Is it dry?', 'Is it short?', 'Is it about bees?', 'Does it ask?'];

/** Gives the checklist, and then these answers. */
const judgeModel = (answers: string | (() => string), items: unknown = ITEMS): ScriptedModel =>
  fakeModel('m', ({ outputSchema }) => {
    if (outputSchema?.name === 'checklist') return JSON.stringify({ items });
    return typeof answers === 'string' ? answers : answers();
  });

describe('a checklist', () => {
  it('is drawn from the persona and answered item by item: 1 + 4 x the share of yes', async () => {
    const model = judgeModel('{"1": "yes", "2": "yes", "3": "no", "4": "yes"}');
    expect(await checklistJudge(model).judge(input)).toEqual({
      score: 4,
      status: 'scored',
      rationale: '3 of 4 met',
      items: ITEMS.map((item, index) => ({ item, met: index !== 2 })),
    });
    const [drawing, answering] = model.calls.map(({ request }) =>
      request.messages.map(({ content }) => content).join('\n'),
    );
    expect(drawing).toContain('Dry wit');
    expect(drawing).not.toContain('coffee');
    expect(answering).toContain('3. Is it about bees?');
    expect(answering).toContain('Smoke, and a strong coffee.');
    expect(answering).not.toContain('Dry wit');
  });

  it('binds the model to an answer for every item', async () => {
    const model = judgeModel('{"1": "yes", "2": "no", "3": "no", "4": "no"}');
    await checklistJudge(model).judge(input);
    expect(model.calls[1]!.request.outputSchema?.schema).toMatchObject({
      properties: { 1: { enum: ['yes', 'no'] }, 4: { enum: ['yes', 'no'] } },
      required: ['1', '2', '3', '4'],
      additionalProperties: false,
    });
  });

  it.each([
    ['true and false', '{"1": true, "2": false, "3": false, "4": false}'],
    ['1 and 0', '{"1": 1, "2": 0, "3": 0, "4": 0}'],
    ['other spellings', '{"1": "Yes.", "2": "NO", "3": " no ", "4": "no!"}'],
  ])('is read when it is answered with %s', async (_name, answers) => {
    expect(await checklistJudge(judgeModel(answers)).judge(input)).toMatchObject({
      score: 2,
      status: 'scored',
    });
  });

  it.each([
    ['leaves one out', '{"1": "yes", "2": "yes", "3": "no"}'],
    ['is undecided', '{"1": "yes", "2": "maybe", "3": "no", "4": "no"}'],
    ['is a list', '["yes", "yes", "yes", "yes"]'],
    ['is prose', 'Yes to all.'],
  ])('gives no score when the answer %s', async (_name, answers) => {
    expect(await checklistJudge(judgeModel(answers)).judge(input)).toMatchObject({
      score: null,
      status: 'malformed-verdict',
    });
  });

  it.each([
    ['too few', ['Is it dry?', 'Is it dry?', 'is it dry?']],
    ['no list', 'Is it dry?'],
    ['no texts', [1, 2, 3, 4]],
    ['no questions', ['Dry', 'Short', 'Bees', 'Is it kind?']],
  ])('gives no score when the items are %s', async (_name, items) => {
    const judgement = await checklistJudge(judgeModel('{}', items)).judge(input);
    expect(judgement).toMatchObject({ score: null, status: 'malformed-verdict' });
    expect(judgement.rationale).toContain('checklist');
  });

  it('loses its numbers and repetitions, and what is too many', async () => {
    const items = [
      '1. Is it dry?',
      '2) Is it short?',
      'Is it dry?',
      '- Is it kind?',
      'Is it new?',
      'Is it old?',
    ];
    const model = judgeModel('{"1": "yes", "2": "yes", "3": "yes"}', items);
    const judgement = await checklistJudge(model, { items: 3 }).judge(input);
    expect(judgement.items?.map(({ item }) => item)).toEqual(['Is it dry?', 'Is it short?', 'Is it kind?']);
  });

  it('is not drawn for an empty response', async () => {
    const model = judgeModel('{}');
    expect(await checklistJudge(model).judge({ ...input, response: ' ' })).toEqual({
      score: 1,
      status: 'no-response',
    });
    expect(model.calls).toHaveLength(0);
  });
});

it('is drawn once a case, for all turns and all candidates', async () => {
  const model = judgeModel('{"1": "yes", "2": "no", "3": "no", "4": "no"}');
  const run = memoryRun({ seed: 3 });
  const evaluator = new AloeEvaluator({
    run,
    user: fakeUser(),
    judge: checklistJudge(model),
    cases: benchmarkCases(2),
    turns: 3,
  });
  await evaluator.evaluate(fakeCandidate('one'));
  await evaluator.evaluate(fakeCandidate('two'));
  const drawn = model.calls.filter(({ request }) => request.outputSchema?.name === 'checklist');
  expect(drawn.map(({ options }) => options.place?.subject).sort()).toEqual(['case-1', 'case-2']);
  expect(new Set(drawn.map(({ request }) => request.seed)).size).toBe(2);
  // Two candidates, three responses each in two cases, for two personas each.
  expect(model.calls.length - drawn.length).toBe(24);
});

it('leaves room for as many items as are asked for', async () => {
  const room = async (options: ChecklistJudgeOptions) => {
    const model = judgeModel('{"1": "yes", "2": "no", "3": "no", "4": "no"}');
    await checklistJudge(model, options).judge(input);
    return model.calls.map(({ request }) => request.maxOutputTokens);
  };
  expect(await room({ items: 4 })).toEqual([300, 300]);
  expect(await room({ items: 20 })).toEqual([1200, 1200]);
  expect(await room({ items: 20, maxOutputTokens: 700 })).toEqual([700, 700]);
});

it('judges a response alone where it is told to', async () => {
  const model = judgeModel('{"1": "yes", "2": "no", "3": "no", "4": "no"}');
  await checklistJudge(model, { scope: 'response' }).judge(input);
  const shown = model.calls[1]!.request.messages.at(-1)!.content;
  expect(shown).toContain('Smoke, and a strong coffee.');
  expect(shown).not.toContain('My bees are cross.');
});

it('is named by all that changes a verdict', () => {
  const judge = checklistJudge(judgeModel('{}'), { items: 5, scope: 'response' });
  expect(judge.id).toBe('checklist:judge-items@1:judge-checklist@2:5:t0:alone:m');
  expect(judge.prompts?.map(({ name }) => name)).toEqual(['judge-items@1', 'judge-checklist@2']);
  const short = checklistJudge(judgeModel('{}'), { items: 5, maxOutputTokens: 90 });
  expect(short.id).toBe('checklist:judge-items@1:judge-checklist@2:5:t0:max90:m');
});

it.each([
  ['items', { items: 2 }],
  ['items', { items: 21 }],
  ['temperature', { temperature: -1 }],
])('refuses a wrong %s by name', (option, options) => {
  expect(() => checklistJudge(judgeModel('{}'), options)).toThrow(`"${option}"`);
});
