import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256 } from '../../src/internal/hash.ts';

/** The same value with the keys of every object in another order. */
function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reverseKeys(member)]),
  );
}

describe('canonicalJson', () => {
  test('does not depend on the order of keys, at any depth', () => {
    expect(canonicalJson({ b: { d: 1, c: [{ z: 1, a: 2 }] }, a: 2 })).toBe(
      '{"a":2,"b":{"c":[{"a":2,"z":1}],"d":1}}',
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reverseKeys(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test('keeps the order of arrays', () => {
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });

  test('leaves out members that are undefined, and keeps null', () => {
    expect(canonicalJson({ a: undefined, b: null, c: { d: undefined } })).toBe('{"b":null,"c":{}}');
  });

  test('is the text that a sorting replacer gives, on which the keys of older journals rest', () => {
    const byReplacer = (value: unknown) =>
      JSON.stringify(value, (_key, member: unknown) =>
        typeof member === 'object' && member !== null && !Array.isArray(member)
          ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
          : member,
      );
    const dated = { at: new Date(0), toJSON: (key: string) => ({ key, b: 1, a: new Map([[1, 2]]) }) };
    for (const value of [
      { 10: 'a', 9: 'b', '-1': 'c', '01': 'd', z: 'e', A: 'f' },
      [
        '\ud800',
        '\u2028',
        '"\\\n\u0001',
        -0,
        1e21,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        undefined,
        () => 1,
        Symbol('s'),
      ],
      { nested: [dated, [dated], { dated }], none: undefined, call: () => 1, sign: Symbol('s'), yes: true },
      JSON.parse('{"__proto__": {"b": 1, "a": 2}, "constructor": 1}'),
      [Object('text'), Object(1), Object(false), Object.assign(new Array(2), { 1: 1 })],
      'text',
      null,
      undefined,
    ]) {
      expect(canonicalJson(value)).toBe(byReplacer(value));
    }
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withSparseArray: true }), (value) => {
        expect(canonicalJson(value)).toBe(byReplacer(value));
      }),
    );
    expect(() => canonicalJson({ big: 1n })).toThrow(TypeError);
  });

  test('is JSON that reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test('sha256 of a text is the hex digest of its UTF-8 bytes', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256('ä')).toBe(sha256(new TextEncoder().encode('ä')));
});
