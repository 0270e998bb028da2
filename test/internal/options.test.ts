import { describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { checkChoice, checkMethod, checkNumber } from '../../src/internal/options.ts';

describe('checkNumber', () => {
  test('returns a number in the range, bounds included', () => {
    expect(checkNumber('turns', 10, { min: 10, max: 10, integer: true })).toBe(10);
    expect(checkNumber('temperature', -0.5)).toBe(-0.5);
  });

  test.each([
    [Number.NaN, {}, 'a number, got NaN'],
    [Number.POSITIVE_INFINITY, {}, 'a number, got Infinity'],
    ['10', {}, 'a number, got "10"'],
    [10n, {}, 'a number, got bigint'],
    [null, {}, 'a number, got null'],
    [[1, 2], {}, 'a number, got an array of 2'],
    [1.5, { integer: true }, 'a whole number, got 1.5'],
    [0, { min: 1, integer: true }, 'a whole number of at least 1, got 0'],
    [3, { max: 2 }, 'a number of at most 2, got 3'],
    [3, { min: 0, max: 2 }, 'a number from 0 to 2, got 3'],
  ])('refuses %s and says what is expected', (value, range, message) => {
    const check = () => checkNumber('turns', value as number, range);
    expect(check).toThrow(InvalidOptionError);
    expect(check).toThrow(`Option "turns": expected ${message}.`);
  });
});

describe('checkChoice', () => {
  test('returns one of the choices', () => {
    expect(checkChoice('order', 'input', ['finish', 'input'])).toBe('input');
  });

  test.each(['other', '', 'toString', undefined])('refuses %s and names the choices', (value) => {
    const check = () => checkChoice('order', value as 'input', ['finish', 'input']);
    expect(check).toThrow(`Option "order": expected one of "finish", "input", got ${JSON.stringify(value)}.`);
  });
});

describe('checkMethod', () => {
  test('accepts an object that has or inherits the method', () => {
    class Model {
      generate() {}
    }
    checkMethod('model', new Model(), 'generate', 'a ChatModel');
    checkMethod('model', { generate: () => {} }, 'generate', 'a ChatModel');
  });

  test.each([undefined, null, 'gpt-4o', {}, { generate: true }])('refuses %o', (value) => {
    expect(() => checkMethod('model', value, 'generate', 'a ChatModel')).toThrow(
      /^Option "model": expected a ChatModel, got /,
    );
  });
});
