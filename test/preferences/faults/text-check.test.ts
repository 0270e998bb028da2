import { expect, test } from 'vitest';
import { oncePerText, responsesOf } from '../../../src/preferences/faults/text-check.ts';
import { texts } from './texts.ts';

test('the responses of a pair are both, those of a demonstration the one to learn', () => {
  expect(responsesOf(texts('Hi.', 'Yes.', 'No.'))).toEqual(['Yes.', 'No.']);
  expect(responsesOf(texts('Hi.', 'Yes.', ''))).toEqual(['Yes.', '']);
  expect(responsesOf(texts('Hi.', 'Yes.'))).toEqual(['Yes.']);
});

test('a text is looked at once, and again after a thousand others', () => {
  const seen: string[] = [];
  const length = oncePerText((text) => seen.push(text) && text.length);
  expect([length('four'), length('four'), length(''), length(''), length('five')]).toEqual([4, 4, 0, 0, 4]);
  expect(seen).toEqual(['four', '', 'five']);
  for (let other = 0; other < 1_000; other++) length(`${other}.`);
  expect(length('four')).toBe(4);
  expect(seen.filter((text) => text === 'four')).toHaveLength(2);
});
