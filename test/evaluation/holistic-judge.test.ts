import { describe, expect, it } from 'vitest';
import { MissingKeyError, ModelCallError } from '../../src/errors.ts';
import type { JudgeInput } from '../../src/evaluation/judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { assistant, user } from '../../src/messages.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { benchmarkCases, fakeModel, verdict } from './fakes.ts';

const [benchmarkCase] = benchmarkCases(1);
const input: JudgeInput = {
  case: benchmarkCase!,
  conversation: [user('My bees are cross.'), assistant('Mine too.'), user('What now?')],
  response: 'Smoke, and a strong coffee.',
};

it.each([
  ['a number', verdict(4), 4],
  ['a text', verdict('4'), 4],
  ['a fraction', verdict('4/5'), 4],
  ['a number inside chatter and a fence', `Sure!\n\`\`\`json\n${verdict(2)}\n\`\`\``, 2],
  ['a number in JSON that needs repair', "{rationale: 'Fits', score: 5,}", 5],
  ['a word', verdict('four'), 4],
  ['words without JSON', 'I would say 4.', 4],
])('reads a score written as %s', async (_name, reply, score) => {
  const judgement = await holisticJudge(fakeModel('m', () => reply)).judge(input);
  expect(judgement).toMatchObject({ score, status: 'scored' });
});

it('keeps the rationale, however long', async () => {
  const rationale = 'Long. '.repeat(100);
  const judgement = await holisticJudge(fakeModel('m', () => verdict(3, rationale))).judge(input);
  expect(judgement).toEqual({ score: 3, status: 'scored', rationale });
});

it.each([
  ['beyond the scale', verdict(6)],
  ['below the scale', verdict(0)],
  ['between two scores', verdict(3.5)],
  ['that is missing', '{"rationale": "Fits."}'],
  ['in a word that is no number', verdict('good')],
  ['without JSON and without a number', 'I would say it is good.'],
])('has no score for a verdict %s, after the attempts are used up', async (_name, reply) => {
  const model = fakeModel('m', () => reply);
  const judgement = await holisticJudge(model, { attempts: 2 }).judge(input);
  expect(judgement).toMatchObject({ score: null, status: 'malformed-verdict' });
  expect(judgement.rationale).toContain('2 attempts');
  expect(model.calls).toHaveLength(2);
});

it('asks again after a malformed verdict, as another sample with another seed', async () => {
  const model = fakeModel('m', () => (model.calls.length === 1 ? 'Hm.' : verdict(1)));
  const place = { task: 'evaluation', subject: 'case-1', turn: 2, role: 'judge' };
  const judgement = await holisticJudge(model).judge(input, { place, seed: 11 });
  expect(judgement.score).toBe(1);
  expect(model.calls.map(({ options }) => options.place?.sample)).toEqual([0, 1]);
  const seeds = model.calls.map(({ request }) => request.seed);
  expect(new Set(seeds).size).toBe(2);
  await holisticJudge(model).judge(input, { place, seed: 11 });
  expect(model.calls.at(-1)?.request.seed).toBe(seeds[0]);
});

it('has no score when the verdict was withheld, and does not buy it again', async () => {
  const model = scriptedModel({ text: '', finishReason: 'content-filter' });
  expect(await holisticJudge(model).judge(input)).toMatchObject({ score: null, status: 'judge-failed' });
  expect(model.calls).toHaveLength(1);
});

describe('several samples', () => {
  const place = { task: 'evaluation', subject: 'case-1', turn: 2, role: 'judge' };
  const judge = (...replies: string[]) => {
    const model = fakeModel('m', () => replies[model.calls.length - 1]!);
    return {
      model,
      judging: holisticJudge(model, { samples: 3, attempts: 1 }).judge(input, { place, seed: 11 }),
    };
  };

  it('give their mean, with every verdict kept', async () => {
    const { judging } = judge(verdict(5, 'A.'), verdict(2, 'B.'), verdict(3, 'C.'));
    const id = 'holistic:judge-aspects@2:x3:t0.7:attempts1:m';
    expect(await judging).toEqual({
      score: 10 / 3,
      status: 'scored',
      rationale: 'Mean of 3 votes: 5, 2, 3',
      votes: [
        { judge: id, score: 5, status: 'scored', rationale: 'A.' },
        { judge: id, score: 2, status: 'scored', rationale: 'B.' },
        { judge: id, score: 3, status: 'scored', rationale: 'C.' },
      ],
    });
  });

  it('are asked at places and with seeds of their own, the first where a single one would be', async () => {
    const { model, judging } = judge(verdict(5), verdict(2), verdict(3));
    await judging;
    expect(model.calls.map(({ options }) => options.place?.role)).toEqual(['judge', 'judge-2', 'judge-3']);
    expect(new Set(model.calls.map(({ request }) => request.seed)).size).toBe(3);
    const single = fakeModel('m', () => verdict(1));
    await holisticJudge(single).judge(input, { place, seed: 11 });
    expect(single.calls[0]!.request.seed).toBe(model.calls[0]!.request.seed);
    expect(single.calls[0]!.options.place).toEqual(model.calls[0]!.options.place);
  });

  it('have no score when one of them has none', async () => {
    expect(await judge(verdict(5), 'Hm.', verdict(2)).judging).toMatchObject({
      score: null,
      status: 'malformed-verdict',
      rationale: 'No score: 1 of 3 votes missing (5, malformed-verdict, 2)',
    });
    expect(await judge('Hm.', 'Hm.', 'Hm.').judging).toMatchObject({
      score: null,
      status: 'malformed-verdict',
    });
  });
});

it('judges a response alone where it is told to', async () => {
  const model = fakeModel('openai:x', () => verdict(3));
  const judge = holisticJudge(model, { scope: 'response' });
  await judge.judge(input);
  const shown = model.calls[0]!.request.messages.map(({ content }) => content).join('\n');
  expect(shown).toContain('Smoke, and a strong coffee.');
  expect(shown).not.toContain('My bees are cross.');
  expect(judge.id).toBe('holistic:judge-aspects@2:t0:alone:openai:x');
  expect(judge.prompts).not.toEqual(holisticJudge(model).prompts);
});

it('is named by settings that decide which verdicts are missing, unless they are the defaults', () => {
  const idOf = (options: object) =>
    holisticJudge(
      fakeModel('m', () => ''),
      options,
    ).id;
  expect(idOf({ maxOutputTokens: 20, attempts: 1 })).toBe('holistic:judge-aspects@2:t0:max20:attempts1:m');
  expect(idOf({ maxOutputTokens: 300, attempts: 3 })).toBe(idOf({}));
});

it('gives the reason when the judge cannot be asked about this response', async () => {
  const model = fakeModel('m', () => {
    throw new ModelCallError('m', 'the prompt was refused.', { retryable: false, status: 400 });
  });
  expect(await holisticJudge(model).judge(input)).toEqual({
    score: null,
    status: 'judge-failed',
    rationale: 'm: the prompt was refused.',
  });
});

it('throws what every response would meet, and the reason of an abort', async () => {
  const keyless = fakeModel('m', () => {
    throw new MissingKeyError('OpenAI', 'OPENAI_API_KEY');
  });
  await expect(holisticJudge(keyless).judge(input)).rejects.toThrow(MissingKeyError);
  const reason = new Error('enough');
  const judge = holisticJudge(fakeModel('m', () => verdict(3)));
  await expect(judge.judge(input, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

it('does not ask about an empty response', async () => {
  const model = fakeModel('m', () => verdict(5));
  expect(await holisticJudge(model).judge({ ...input, response: ' \n' })).toEqual({
    score: 1,
    status: 'no-response',
  });
  expect(model.calls).toHaveLength(0);
});

it('asks at temperature 0 for a short JSON verdict, the reason first', async () => {
  const model = fakeModel('m', () => verdict(3));
  await holisticJudge(model, { rubric: 'paper' }).judge(input);
  const { request } = model.calls[0]!;
  expect(request).toMatchObject({ temperature: 0, maxOutputTokens: 300 });
  expect(Object.keys(request.outputSchema?.schema.properties as object)).toEqual(['rationale', 'score']);
  expect(request.outputSchema?.schema).toMatchObject({
    properties: { score: { type: 'integer', minimum: 1, maximum: 5 } },
    required: ['rationale', 'score'],
    additionalProperties: false,
  });
});

it('is named by all that changes a verdict', () => {
  const model = fakeModel('openai:x', () => '');
  const prompt = { id: 'mine', version: 3, messages: () => [] };
  expect(holisticJudge(model, { prompt, temperature: 0.7 }).id).toBe('holistic:mine@3:t0.7:openai:x');
});

it.each([
  ['model', undefined, {}],
  ['temperature', fakeModel('m', () => ''), { temperature: -1 }],
  ['maxOutputTokens', fakeModel('m', () => ''), { maxOutputTokens: 0 }],
  ['attempts', fakeModel('m', () => ''), { attempts: 0 }],
  ['samples', fakeModel('m', () => ''), { samples: 0 }],
  ['scope', fakeModel('m', () => ''), { scope: 'all' }],
  ['rubric', fakeModel('m', () => ''), { rubric: 'best' }],
])('refuses a wrong %s by name', (option, model, options) => {
  expect(() => holisticJudge(model as never, options as never)).toThrow(`"${option}"`);
});
