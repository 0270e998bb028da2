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
      'reasoning that contains a draft',
      `<think>{"score": 1, "why": "draft"} no, more [much more]</think>\n${GOOD}`,
    ],
    ['a value of another shape before it', `{"thought": "hm"}\n${GOOD}`],
    ['a second one after it', `${GOOD}\n{"score": 1, "why": "made up"}`],
    ['single quotes', `{'score': 4, 'why': 'warm, and on her "night shift" {sic}'}`],
    ['unquoted keys and a trailing comma', `{score: 4, why: "warm, and on her \\"night shift\\" {sic}",}`],
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

  test('never throws, and returns every value that was written as JSON', () => {
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

  test('accepts a reply that is JSON, whatever its strings contain', () => {
    for (const why of ['</think>', '<think>', '{"score": 1, "why": "other"}', '```']) {
      expect(parseStructured(JSON.stringify({ score: 4, why }), verdict)).toEqual({
        ok: true,
        value: { score: 4, why },
      });
    }
  });

  test('accepts the first of several values, unless `unambiguous` is set', () => {
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

  test.each(['[', '{"a":', '[]', '{}', '"', '{"'])('handles 100,000 repetitions of %s', (piece) => {
    expect(parseStructured(piece.repeat(100_000), verdict).ok).toBe(false);
  });
});

describe('generateStructured', () => {
  const request = {
    messages: [{ role: 'user' as const, content: 'Rate it.' }],
    maxOutputTokens: 100,
    seed: 3,
  };

  test('sends the JSON Schema and returns the validated value', async () => {
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

  test('repeats the request after an invalid reply, each time with its own place and seed', async () => {
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

  test('makes later attempts at a temperature at which the reply can differ', async () => {
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

  test('throws after its last attempt, with the last problem and the last reply', async () => {
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

  test('makes a single attempt if `attempts` is 1', async () => {
    const model = scriptedModel('no idea');
    const asking = generateStructured(model, request, { name: 'verdict', schema: verdict, attempts: 1 });
    await expect(asking).rejects.toThrow('no valid verdict after 1 attempt (last problem: no JSON found)');
    expect(model.calls).toHaveLength(1);
  });

  test('does not repeat a request whose reply was cut off', async () => {
    const model = scriptedModel({ text: '{"score": 4, "wh', finishReason: 'length' });
    const asking = generateStructured(model, request, { name: 'verdict', schema: verdict });
    await expect(asking).rejects.toThrow(/the verdict was cut off at 100 tokens.* Raise maxOutputTokens/);
    expect(model.calls).toHaveLength(1);
  });

  test.each(['', '{"score": 4, "wh', GOOD])(
    'does not repeat a request whose reply was withheld: %j',
    async (text) => {
      const model = scriptedModel({ text, finishReason: 'content-filter' });
      const asking = generateStructured(model, request, { name: 'verdict', schema: verdict });
      await expect(asking).rejects.toThrow(ContentFilterError);
      expect(model.calls).toHaveLength(1);
    },
  );

  test('accepts a reply that was cut off after its value', async () => {
    const model = scriptedModel({ text: `${GOOD} and then I`, finishReason: 'length' });
    expect(await generateStructured(model, request, { name: 'verdict', schema: verdict })).toEqual(VALUE);
  });

  test('does not repeat a failed call, and throws the reason of an abort', async () => {
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

  test('does not replay its first invalid reply from a journal', async () => {
    const model = memoryRun().model(scriptedModel(['no idea', GOOD]));
    expect(await generateStructured(model, request, { name: 'verdict', schema: verdict })).toEqual(VALUE);
  });
});
