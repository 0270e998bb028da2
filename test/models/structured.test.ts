import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ContentFilterError, MalformedReplyError } from '../../src/errors.ts';
import { generateStructured, parseStructured } from '../../src/models/structured.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

const verdict = z.object({ score: z.number().int().min(1).max(5), why: z.string() });
const GOOD = '{"score": 4, "why": "warm, and on her \\"night shift\\" {sic}"}';
const VALUE = { score: 4, why: 'warm, and on her "night shift" {sic}' };

describe('parseStructured', () => {
  test.each([
    ['plain JSON', GOOD],
    ['a code fence', `\`\`\`json\n${GOOD}\n\`\`\``],
    ['chatter around it', `Sure! Here is my verdict:\n\n${GOOD}\n\nI hope that helps.`],
    ['brackets in the chatter before it', `As [requested] {by you}: ${GOOD}`],
    ['brackets in the chatter after it', `${GOOD} (see [1] and {2})`],
    [
      'reasoning with a draft in it',
      `<think>{"score": 1, "why": "draft"} no, more [much more]</think>\n${GOOD}`,
    ],
    ['a value of another shape before it', `{"thought": "hm"}\n${GOOD}`],
    ['a second one after it', `${GOOD}\n{"score": 1, "why": "made up"}`],
    ['single quotes', `{'score': 4, 'why': 'warm, and on her "night shift" {sic}'}`],
    [
      'keys without quotes and a comma too many',
      `{score: 4, why: "warm, and on her \\"night shift\\" {sic}",}`,
    ],
    ['no end', GOOD.slice(0, -1)],
    ['comments', `{"score": 4, // of 5\n "why": "warm, and on her \\"night shift\\" {sic}"}`],
  ])('finds the value in %s', (_what, reply) => {
    expect(parseStructured(reply, verdict)).toEqual({ ok: true, value: VALUE });
  });

  test('finds lists as well as objects', () => {
    expect(parseStructured('Here: ["F1", "T2"]', z.array(z.string()))).toEqual({
      ok: true,
      value: ['F1', 'T2'],
    });
  });

  test.each([
    ['no JSON', 'I would say four out of five.', /no JSON/],
    ['nothing', '', /no JSON/],
    ['a value of the wrong shape', '{"score": 9, "why": "x"}', /score/],
    ['a missing member', '{"score": 3}', /why/],
    ['a bracket and no more', '{', /.+/],
  ])('says what is wrong with %s', (_what, reply, problem) => {
    const parsed = parseStructured(reply, verdict);
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
  });

  test('never throws, and gives back every value that was written as JSON', () => {
    const noise = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom('{', '}', '[', ']', '"', '\\', '```', '</think>', ',', ':', '\u2028', 'null'),
      ),
    );
    fc.assert(
      fc.property(noise, (pieces) => {
        const parsed = parseStructured(pieces.join(''), verdict);
        expect(parsed.ok ? verdict.safeParse(parsed.value).success : parsed.problem !== '').toBe(true);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.string({ unit: 'grapheme' }), (score, why) => {
        fc.pre(!why.includes('</think>'));
        expect(parseStructured(`Well:\n${JSON.stringify({ score, why })}`, verdict)).toEqual({
          ok: true,
          value: { score, why },
        });
      }),
    );
  });

  test('takes a reply that is JSON as it is, whatever is in its texts', () => {
    for (const why of ['</think>', '<think>', '{"score": 1, "why": "other"}', '```']) {
      expect(parseStructured(JSON.stringify({ score: 4, why }), verdict)).toEqual({
        ok: true,
        value: { score: 4, why },
      });
    }
  });

  test('takes one of several answers, unless it is told that there must be one', () => {
    const other = '{"score": 1, "why": "quoted"}';
    const parse = (reply: string) => parseStructured(reply, verdict, { unambiguous: true });
    expect(parse(`${GOOD}\n${other}`)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('several'),
    });
    expect(parse(`${other.replaceAll('"', "'")}\n${GOOD}`)).toMatchObject({ ok: false });
    expect(parse(`${GOOD}\n${GOOD}`)).toEqual({ ok: true, value: VALUE });
    expect(parse(`{"thought": "hm"}\n${GOOD}`)).toEqual({ ok: true, value: VALUE });
  });

  test.each(['[', '{"a":', '[]', '{}', '"', '{"'])('copes with %s a hundred thousand times', (piece) => {
    expect(parseStructured(piece.repeat(100_000), verdict).ok).toBe(false);
  });
});

describe('generateStructured', () => {
  const request = {
    messages: [{ role: 'user' as const, content: 'Rate it.' }],
    maxOutputTokens: 100,
    seed: 3,
  };

  test('asks with the JSON Schema and gives the validated value', async () => {
    const model = scriptedModel(GOOD);
    expect(await generateStructured(model, request, { name: 'verdict', schema: verdict })).toEqual(VALUE);
    expect(model.calls[0]!.request.outputSchema).toEqual({
      name: 'verdict',
      schema: {
        type: 'object',
        properties: { score: { type: 'integer', minimum: 1, maximum: 5 }, why: { type: 'string' } },
        required: ['score', 'why'],
        additionalProperties: false,
      },
    });
  });

  test('asks again for a reply that cannot be used, each time at a place and with a seed of its own', async () => {
    const model = scriptedModel(['no idea', '{"score": 7}', GOOD]);
    const place = { task: 'evaluation', subject: 'case-1', turn: 2, role: 'judge' };
    expect(await generateStructured(model, request, { name: 'verdict', schema: verdict, place })).toEqual(
      VALUE,
    );
    expect(model.calls.map(({ options }) => options.place)).toEqual(
      [0, 1, 2].map((sample) => ({ ...place, sample })),
    );
    const seeds = model.calls.map((call) => call.request.seed);
    expect(seeds[0]).toBe(3);
    expect(new Set(seeds).size).toBe(3);
    const seeded = scriptedModel(['no idea', GOOD]);
    await generateStructured(seeded, request, {
      name: 'verdict',
      schema: verdict,
      seedFor: (sample) => 100 + sample,
    });
    expect(seeded.calls.map((call) => call.request.seed)).toEqual([100, 101]);
  });

  test('makes further attempts with a temperature at which the answer can differ', async () => {
    const temperatures = [];
    for (const temperature of [0, 1, undefined]) {
      const model = scriptedModel(['no idea', GOOD]);
      await generateStructured(model, { ...request, temperature }, { name: 'verdict', schema: verdict });
      temperatures.push(model.calls.map((call) => call.request.temperature));
    }
    expect(temperatures).toEqual([
      [0, 0.7],
      [1, 1],
      [undefined, undefined],
    ]);
  });

  test('gives up after its attempts, with the last problem and the last reply', async () => {
    const model = scriptedModel(['no idea', '{"score": 7, "why": "x"}']);
    const asking = generateStructured(model, request, { name: 'verdict', schema: verdict, attempts: 2 });
    const error = await asking.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MalformedReplyError);
    expect((error as MalformedReplyError).message).toMatch(
      /scripted: no valid verdict after 2 attempts \(last problem: .*score/,
    );
    expect((error as MalformedReplyError).reply).toBe('{"score": 7, "why": "x"}');
    expect(model.calls).toHaveLength(2);
  });

  test('does not buy again a reply that was cut at its length', async () => {
    const model = scriptedModel({ text: '{"score": 4, "wh', finishReason: 'length' });
    const asking = generateStructured(model, request, { name: 'verdict', schema: verdict });
    await expect(asking).rejects.toThrow(/the verdict was cut off at 100 tokens.* Raise maxOutputTokens/);
    expect(model.calls).toHaveLength(1);
  });

  test.each(['', '{"score": 4, "wh', GOOD])(
    'does not buy again a reply that was withheld: %j',
    async (text) => {
      const model = scriptedModel({ text, finishReason: 'content-filter' });
      const asking = generateStructured(model, request, { name: 'verdict', schema: verdict });
      await expect(asking).rejects.toThrow(ContentFilterError);
      expect(model.calls).toHaveLength(1);
    },
  );

  test('takes a reply that was cut after its value', async () => {
    const model = scriptedModel({ text: `${GOOD} and then I`, finishReason: 'length' });
    expect(await generateStructured(model, request, { name: 'verdict', schema: verdict })).toEqual(VALUE);
  });

  test('does not repeat a call that failed, and throws the reason of an abort', async () => {
    const model = scriptedModel(new Error('no server'));
    await expect(generateStructured(model, request, { name: 'verdict', schema: verdict })).rejects.toThrow(
      'no server',
    );
    expect(model.calls).toHaveLength(1);
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const asking = generateStructured(model, request, { name: 'verdict', schema: verdict, signal });
    await expect(asking).rejects.toBe(reason);
  });

  test('does not get its first bad reply back from a journal', async () => {
    const model = memoryRun().model(scriptedModel(['no idea', GOOD]));
    expect(await generateStructured(model, request, { name: 'verdict', schema: verdict })).toEqual(VALUE);
  });
});
