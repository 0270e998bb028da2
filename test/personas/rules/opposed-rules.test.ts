import { expect, test } from 'vitest';
import { aloeCases } from '../../../src/benchmark/aloe-cases.ts';
import { ruleCases } from '../../../src/benchmark/rule-cases.ts';
import { countOpposed } from '../../../src/personas/rules/opposed-rules.ts';

test('the second of a drawn pair has the opposite of all rules of the first', () => {
  const cases = ruleCases(aloeCases());
  for (let index = 0; index < cases.length; index += 2) {
    const [first, second] = [cases[index]!.persona, cases[index + 1]!.persona];
    expect(countOpposed(first, second)).toBe(4);
    expect(countOpposed(second, first)).toBe(4);
    expect(countOpposed(first, first)).toBe(0);
  }
});

test('personas without rules have no opposed rules', () => {
  const [first, second] = aloeCases();
  expect(countOpposed(first!.persona, second!.persona)).toBe(0);
});
