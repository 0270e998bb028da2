import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { choiceSchema, readChoice } from '../../src/verification/read-choice.ts';

describe('a choice is read from', () => {
  test.each([
    ['the JSON that is asked for', '{"rationale":"Dry.","better":"B","by":2}', 'B', 2],
    ['JSON after reasoning', '<think>{"better": "A"}</think>{"rationale":"x","better":"B","by":3}', 'B', 3],
    ['JSON in a fence', '```json\n{"better": "A", "by": 1}\n```', 'A', 1],
    ['other names and spellings', '{"reason": "x", "winner": "Reply B.", "how_much": "clearly"}', 'B', 2],
    ['a number as text', '{"better": "first", "by": "3"}', 'A', 3],
    ['a pick without a strength, as the weakest one', '{"better": "A"}', 'A', 1],
    ['a pick by 0, as the weakest one', '{"better": "A", "by": 0}', 'A', 1],
    ['a tie, which has no strength', '{"better": "tie", "by": 2}', 'equal', 0],
    ['the name alone', '**Reply A**', 'A', 1],
    ['one letter', 'B', 'B', 1],
  ])('%s', (_name, text, better, by) => {
    expect(readChoice(text)).toMatchObject({ ok: true, value: { better, by } });
  });

  test.each(['better', 'preferred', 'winner', 'choice', 'verdict', 'answer', 'Better_'])(
    'a pick under the name "%s"',
    (name) => {
      expect(readChoice(JSON.stringify({ [name]: 'B' }))).toMatchObject({ value: { better: 'B' } });
    },
  );

  test.each(['by', 'how_much', 'How much', 'margin', 'strength'])(
    'a strength under the name "%s"',
    (name) => {
      expect(readChoice(JSON.stringify({ better: 'B', [name]: 3 }))).toMatchObject({ value: { by: 3 } });
    },
  );

  test.each(['rationale', 'reason', 'explanation'])('a rationale under the name "%s"', (name) => {
    const value = { better: 'B', by: 1, rationale: 'By far the drier one.' };
    expect(readChoice(JSON.stringify({ ...value, rationale: undefined, [name]: value.rationale }))).toEqual({
      ok: true,
      value,
    });
  });

  test.each([
    ['A', ['A', 'a', 'first', 1, '1', 'Reply A', 'the first response', 'Option 1 is']],
    ['B', ['B', 'b', 'second', 2, '2', 'Response B', 'The second reply']],
    ['equal', ['equal', 'Tie', 'same', 'both', 'neither', 'either', 'The replies are equal'.slice(12)]],
  ] as const)('each spelling of %s, in JSON and alone', (better, spellings) => {
    for (const spelling of spellings) {
      const value = { better, by: better === 'equal' ? 0 : 1 };
      expect([spelling, readChoice(JSON.stringify({ better: spelling }))]).toEqual([
        spelling,
        { ok: true, value },
      ]);
      expect([spelling, readChoice(`**${spelling}**`)]).toEqual([spelling, { ok: true, value }]);
    }
  });

  test.each([
    ['slightly', 1],
    ['Clearly', 2],
    ['by far', 3],
    ['2 (clearly)', 2],
    ['a lot', 1],
    [null, undefined],
  ])('a strength in words: %s', (by, read) => {
    expect(readChoice(JSON.stringify({ better: 'B', by }))).toEqual(
      read === undefined
        ? expect.objectContaining({ ok: false })
        : { ok: true, value: { better: 'B', by: read } },
    );
  });

  test('two picks that are the same, and members that say nothing', () => {
    const reply = {
      better: 'A',
      winner: 'first',
      reason: 'Dry.',
      explanation: 'Very dry.',
      constructor: 1,
      note: 2,
    };
    expect(readChoice(JSON.stringify(reply))).toEqual({
      ok: true,
      value: { better: 'A', by: 1, rationale: 'Very dry.' },
    });
    expect(readChoice('{"better": "A", "rationale": 5}')).toEqual({
      ok: true,
      value: { better: 'A', by: 1 },
    });
  });

  test('what follows reasoning with braces in it, but not what follows the mark inside of a JSON text', () => {
    expect(readChoice('I compare {A} with {B}.</think>B')).toMatchObject({
      ok: true,
      value: { better: 'B' },
    });
    for (const start of ['{', ' {', '\n  {'])
      expect(readChoice(`${start}"rationale": "It ends with </think>A`).ok).toBe(false);
  });

  test.each([
    ['words', 'Reply A is better, since B is long.'],
    ['two different picks', '{"better": "A", "by": 1} or {"better": "B", "by": 1}'],
    ['two different picks in one object', '{"better": "A", "winner": "B", "by": 1}'],
    ['a pick of neither name', '{"better": "C", "by": 1}'],
    ['a strength that is none', '{"better": "A", "by": 7}'],
    ['no pick', '{"rationale": "Both are fine.", "by": 2}'],
    ['nothing', ''],
    ['a word that objects know', 'constructor'],
    ['a list', '{"better": ["A"]}'],
    ['a list of picks', '[{"better": "A"}]'],
    ['null', 'null'],
    ['a number', '7'],
    ['true', '{"better": true}'],
    ['words that only end or begin with those that are skipped', 'Software B'],
    ['the same at the start', 'Area A'],
    ['no word at all', '**?**'],
    ['a pick without words', '{"better": "?"}'],
  ])('is not read from %s', (_name, text) => {
    expect(readChoice(text).ok).toBe(false);
  });
});

test('a model is asked for a rationale, then the pick, then the strength', () => {
  expect(z.toJSONSchema(choiceSchema)).toMatchObject({
    required: ['rationale', 'better', 'by'],
    properties: {
      rationale: { type: 'string' },
      better: { enum: ['A', 'B', 'equal'] },
      by: { type: 'integer', minimum: 0, maximum: 3 },
    },
  });
});
