import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkJsonDepth, parseShallowJson } from '../../src/http/json-depth.ts';
import { TransportError } from '../../src/http/transport-error.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('the depth of JSON', () => {
  test('is limited to 64', () => {
    expect(() => parseShallowJson(nested(64))).not.toThrow();
    expect(() => parseShallowJson(nested(65))).toThrow(TransportError);
    expect(() => parseShallowJson('{"a":'.repeat(65))).toThrow(TransportError);
  });

  test('is checked for a million brackets without recursion', () => {
    expect(() => parseShallowJson('['.repeat(1_000_000))).toThrow(/deeper than 64/);
    expect(() => parseShallowJson(`{"x":[${'{"a":['.repeat(500_000)}`)).toThrow(/deeper than 64/);
  });

  test('ignores brackets inside strings, whatever is escaped there', () => {
    for (const text of ['[', '\\', '\\"', '"', '\\\\', '"[\\']) {
      const value = { text: (text + '['.repeat(10)).repeat(50), end: ['x'] };
      expect(parseShallowJson(JSON.stringify(value))).toEqual(value);
    }
  });

  test('does not grow with width', () => {
    const wide = Array.from({ length: 10_000 }, (_, index) => ({ index: [index] }));
    expect(parseShallowJson(JSON.stringify(wide))).toEqual(wide);
  });

  test('equals the depth of the value, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'large' }), fc.integer({ min: 50, max: 66 }), (value, around) => {
        const depth = depthOf(value) + around;
        const text = '['.repeat(around) + JSON.stringify(value) + ']'.repeat(around);
        if (depth > 64) expect(() => checkJsonDepth(text)).toThrow(TransportError);
        else expect(() => checkJsonDepth(text)).not.toThrow();
      }),
    );
  });

  test('leaves invalid JSON to the parser', () => {
    for (const text of ['{"a', '"\\', ']]]]', '', '{"a": "\\"']) {
      expect(() => parseShallowJson(text)).toThrow(SyntaxError);
    }
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
