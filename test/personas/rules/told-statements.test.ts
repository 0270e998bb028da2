import { describe, expect, test } from 'vitest';
import { numberStatements } from '../../../src/personas/persona.ts';
import { contentWords, findToldStatements } from '../../../src/personas/rules/told-statements.ts';
import { beekeeper } from '../../conversations/fakes.ts';

describe('contentWords', () => {
  test.each([
    ['plays', 'playing'],
    ['hive', 'hives'],
    ['carry', 'carries'],
    ['knit', 'knitting'],
    ['bake', 'baked'],
    ['sister', "sister's"],
  ])('treats %s and %s as one word', (one, other) => {
    expect(contentWords(one)).toEqual(contentWords(other));
    expect(contentWords(one).size).toBe(1);
  });

  test('leaves out common words', () => {
    expect(contentWords('It is what it is, and I have had it all day.').size).toBe(0);
  });
});

describe('findToldStatements', () => {
  const statements = numberStatements(beekeeper());
  test.each([
    ['My eleven hives behind the barn are humming.', ['F1']],
    ['Sold that old tractor in spring. My sister in Vigo baked a cake.', ['F3', 'F4']],
    ['What a spring!', []],
    ['I laugh at bad puns, what of it.', ['T2']],
    ['', []],
  ])('finds the statements revealed in %j', (text, told) => {
    expect(findToldStatements([contentWords(text)], statements)).toEqual(told);
  });

  test('does not count words that several statements share', () => {
    const shared = [
      { id: 'F1', text: 'Has a brother in Vigo' },
      { id: 'F2', text: 'Was born in Vigo' },
    ];
    expect(findToldStatements([contentWords('Vigo is windy.')], shared)).toEqual([]);
    expect(findToldStatements([contentWords('My brother is windy.')], shared)).toEqual(['F1']);
  });
});
