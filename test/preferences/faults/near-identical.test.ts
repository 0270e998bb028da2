import { describe, expect, test } from 'vitest';
import { nearIdenticalCheck } from '../../../src/preferences/faults/near-identical.ts';
import { texts } from './texts.ts';

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

const find = (preferred: string, rejected: string | null) =>
  nearIdenticalCheck.find(texts('Hi.', preferred, rejected));

describe('the check for nearly identical pairs', () => {
  test.each([
    ['Good luck!', 'Good luck.'],
    ['It’s fine, really', "It's fine -- REALLY?"],
    ['祝你好运！', '祝你好运。'],
    ['- one thing', 'one thing'],
  ])('finds "%s" and "%s"', (one, other) => {
    expect(find(one, other)).toBe('similarity 1.00');
    expect(find(other, one)).toBe('similarity 1.00');
  });

  test('one different word in twenty is hardly a difference, one in nineteen is', () => {
    expect(find(`${words(19)} this`, `${words(19)} that`)).toBe('similarity 0.95');
    expect(find(`${words(18)} this`, `${words(18)} that`)).toBeNull();
    expect(find(`this ${words(19)}`, words(19))).toBe('similarity 0.97');
  });

  test('a word counts as often as both have it, in whatever order', () => {
    expect(find(`${words(20)}`, `${words(20).split(' ').reverse().join(' ')}`)).toBe('similarity 1.00');
    expect(find('no no no no', 'no no no yes')).toBeNull();
    expect(find('no', 'no no no no')).toBeNull();
    expect(find('no no no no', 'no')).toBeNull();
  });

  test('a list or an emoji on one side alone is a difference', () => {
    expect(find('- bread\n- butter', 'Bread, butter')).toBeNull();
    expect(find('- bread\n- butter', '- Bread!\n- Butter!')).toBe('similarity 1.00');
    expect(find('Good luck 🍀', 'Good luck')).toBeNull();
    expect(find('Good luck 🍀', 'Good luck! 🌸')).toBe('similarity 1.00');
  });

  test('responses that are the same have another reason, and a demonstration has one response', () => {
    expect(find('Good luck!', ' good  LUCK!')).toBeNull();
    expect(find('Good luck!', null)).toBeNull();
    expect(find('Yes', 'No')).toBeNull();
    expect(find('!', '?')).toBeNull();
    expect(find('a b', 'ab')).toBeNull();
    expect(nearIdenticalCheck.fault).toBe('near-identical');
  });
});
