import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findDuplicateKeys } from '../../src/validation/duplicate-keys.ts';

describe('findDuplicateKeys', () => {
  test.each<[string, string[]]>([
    ['{"a":1,"a":2}', ['a']],
    ['{"a":{"b":1,"c":2,"b":3},"b":0}', ['b']],
    ['[{"a":1},{"a":2}]', []],
    ['{"a":"a\\": \\"a","b":"{\\"a\\":1,"}', []],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{"a":1,"a":2,"a":3}', ['a', 'a']],
    ['{"":1,"":2}', ['']],
    ['{"a" : [ {"a":[]} ] ,\n "a" : 1}', ['a']],
    ['{"a\\\\":1,"a":2}', []],
    ['"a:a"', []],
  ])('%s', (json, expected) => {
    expect(findDuplicateKeys(json)).toEqual(expected);
  });

  test('reads strings of any length', () => {
    const text = JSON.stringify('x\n"\\'.repeat(5e6));
    expect(findDuplicateKeys(`{"a":${text},"a":1}`)).toEqual(['a']);
  });

  test('finds none in what JSON.stringify writes', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => findDuplicateKeys(JSON.stringify(value)).length === 0));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => findDuplicateKeys(JSON.stringify(value, null, 1)).length === 0),
    );
  });
});
