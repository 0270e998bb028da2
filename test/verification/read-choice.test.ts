import { describe, expect, test } from 'vitest';
import { readChoice } from '../../src/verification/read-choice.ts';

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

  test.each([
    ['words', 'Reply A is better, since B is long.'],
    ['two different picks', '{"better": "A", "by": 1} or {"better": "B", "by": 1}'],
    ['two different picks in one object', '{"better": "A", "winner": "B", "by": 1}'],
    ['a pick of neither name', '{"better": "C", "by": 1}'],
    ['a strength that is none', '{"better": "A", "by": 7}'],
    ['no pick', '{"rationale": "Both are fine.", "by": 2}'],
    ['nothing', ''],
  ])('is not read from %s', (_name, text) => {
    expect(readChoice(text).ok).toBe(false);
  });
});
