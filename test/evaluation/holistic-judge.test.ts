import { expect, it } from 'vitest';
import { MissingKeyError, ModelCallError } from '../../src/errors.ts';
import type { JudgeInput } from '../../src/evaluation/judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { assistant, user } from '../../src/messages.ts';
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
  ['in words', verdict('four')],
  ['without JSON', 'I would say 4.'],
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
    score: null,
    status: 'no-response',
  });
  expect(model.calls).toHaveLength(0);
});

it('asks at temperature 0 for a short JSON verdict, the reason first', async () => {
  const model = fakeModel('m', () => verdict(3));
  await holisticJudge(model).judge(input);
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
])('refuses a wrong %s by name', (option, model, options) => {
  expect(() => holisticJudge(model as never, options)).toThrow(`"${option}"`);
});
