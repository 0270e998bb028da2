import { describe, expect, it, test } from 'vitest';
import { readFormality } from '../../../src/personas/rules/formality.ts';
import { CASUAL, FORMAL, NEUTRAL } from './register-texts.ts';

/** How many of every other text are rated so. */
function count(texts: readonly string[], start: 0 | 1, rated: (formality: string) => boolean): number {
  return texts.filter((text, place) => place % 2 === start && rated(readFormality(text))).length;
}
const isCasual = (formality: string) => formality === 'casual';
const isNotCasual = (formality: string) => formality !== 'casual';

describe('of texts it was not made with', () => {
  it('finds casual ones', () => {
    expect(count(CASUAL, 1, isCasual)).toBe(38); // of 40
  });

  it('lets formal and plain ones pass', () => {
    expect(count(FORMAL, 1, isNotCasual)).toBe(38); // of 40
    expect(count(NEUTRAL, 1, isNotCasual)).toBe(25); // of 25
  });
});

test.each([
  'shut up you moron',
  'sup fam, cya l8r',
  'sounds good, see you at seven',
  'Sounds good to me.',
  'Hope it went well.',
  'I dont know him.',
  'THEY BOTH DO NOT RESPECT YOU.',
  'You and that idiot.',
  'If you have to ask...',
  'Do it w/ him.',
  'Don´t go there.',
  'So do i, he says.',
])('%j is casual', (text) => {
  expect(readFormality(text)).toBe('casual');
});

test.each([
  'It sounds good to me.',
  'The evening is like a song.',
  'I hope that it went well.',
  'NASA and ESA agreed.',
  '- rest a little\n- remain patient and calm',
  '1. rest a little\n2. remain patient and calm',
  'Wonderful! Absolutely splendid 🎉',
  'Use section 4b/4c of the U.S. code.',
  'Ich weiß es nicht.',
  'Use `for (let i = 0; i < n; i++)` in the loop.',
  '```js\nlet i = 0;\nconst lol = i;\n```',
  'See https://example.com/u/ur?i=1 for the rest.',
  'Section 4(a)(i) applies.',
  'The bus is an i2c bus.',
  'iPhone sales rose in May.',
])('%j is formal', (text) => {
  expect(readFormality(text)).toBe('formal');
});
