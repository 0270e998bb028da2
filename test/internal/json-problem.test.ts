import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonProblem } from '../../src/internal/json-problem.ts';

test.each([
  ['', 0, 'a value'],
  ['{"a": 1,\n}', 9, 'a key in double quotes'],
  ['[1, 2,]', 6, 'a value'],
  ["{'a': 1}", 1, 'a key in double quotes or "}"'],
  ['[', 1, 'a value or "]"'],
  ['{"a" 1}', 5, '":"'],
  ['{"a": 1 "b": 2}', 8, '"," or "}"'],
  ['[1 2]', 3, '"," or "]"'],
  ['{"a": 1} {"b": 2}', 9, 'the end of the text'],
  ['{"a": NaN}', 6, 'a value'],
  ['[01]', 2, '"," or "]"'],
  ['// a comment\n{}', 0, 'a value'],
  ['["no end]', 9, 'the closing quote of a string'],
  ['["C:\\data"]', 4, 'an escape that JSON knows, such as \\n'],
  ['["two\nlines"]', 5, 'the closing quote of a string, as line breaks, tabs'],
])('in %j, the problem is at offset %i: expected %s', (text, offset, expected) => {
  const problem = findJsonProblem(text);
  expect(problem?.offset).toBe(offset);
  expect(problem?.expected).toContain(expected);
});

test('it finds a problem exactly where JSON.parse refuses the text', () => {
  const piece = fc.constantFrom(
    ...'[]{}:,"\\ \n\t0123-+.eEu',
    'true',
    'null',
    '\\u00e9',
    '\\q',
    '"a"',
    '"k":1',
  );
  const soup = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  const damaged = fc
    .record({ value: fc.jsonValue(), at: fc.nat(), length: fc.nat(2), piece })
    .map(({ value, at, length, piece: inserted }) => {
      const text = JSON.stringify(value, null, 1);
      const start = at % (text.length + 1);
      return text.slice(0, start) + inserted + text.slice(start + length);
    });
  fc.assert(
    fc.property(fc.oneof(soup, damaged), (text) => {
      expect(findJsonProblem(text) !== null).toBe(isRefused(text));
    }),
    { numRuns: 2_000 },
  );
});

test('long strings and deep nesting do not overflow the stack', () => {
  expect(findJsonProblem(`["${'\\n'.repeat(5_000_000)}`)?.offset).toBe(10_000_002);
  expect(findJsonProblem(`${'['.repeat(300_000)}}`)?.offset).toBe(300_000);
});

function isRefused(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
