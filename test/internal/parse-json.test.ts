import { expect, test } from 'vitest';
import { InvalidFileError } from '../../src/errors.ts';
import { parseJson } from '../../src/internal/parse-json.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test('a byte order mark is not part of the value, nor counted in a column', () => {
  expect(parseJson('a.json', '\uFEFF{"size":3}')).toEqual({ size: 3 });
  expect(() => parseJson('a.json', '\uFEFF{]')).toThrow('at line 1, column 2.');
});

test.each([
  [
    '{\n  "size": 3,\n}',
    undefined,
    'a.json: is not JSON: expected a key in double quotes at line 3, column 1.',
  ],
  ['{"size": }', 7, 'a.json: line 7 is not JSON: expected a value at column 10.'],
  ['', undefined, 'a.json: is not JSON: expected a value at line 1, column 1.'],
  [nested(1_001), undefined, 'a.json: is nested too deep: more than 1000 levels at line 1, column 1001.'],
  [nested(1_001), 7, 'a.json: line 7 is nested too deep: more than 1000 levels at column 1001.'],
])('the error names the place', (text, lineNumber, message) => {
  const parse = () => parseJson('a.json', text, lineNumber);
  expect(parse).toThrow(InvalidFileError);
  expect(parse).toThrow(message);
});

test('1,000 levels are read', () => {
  expect(JSON.stringify(parseJson('a.json', nested(1_000)))).toBe(nested(1_000));
});
