import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeSpan, markdownText } from '../../src/internal/markdown.ts';
import { UNSAFE_CHARACTERS } from '../unsafe-characters.ts';

describe('markdownText', () => {
  test.each([
    ['HTML', '<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)>'],
    ['a comment', '<!-- a -->', '\\<!-- a -->'],
    ['an autolink', '<https://evil.example>', '\\<https:\\//evil.example>'],
    ['a remote image', '![x](https://evil.example/x.png)', '![x\\](https:\\//evil.example/x.png)'],
    ['a link', '[docs](javascript:alert(1))', '[docs\\](javascript:alert(1))'],
    ['a link with a name', '[docs]: //evil.example', '[docs\\]: //evil.example'],
    ['an escaped link', '[docs\\](x)', '[docs\\\\\\](x)'],
    ['an address', 'see http://evil.example', 'see http:\\//evil.example'],
    ['an address without a scheme', 'see www.evil.example', 'see www\\.evil.example'],
    ['a character reference', '&#x202e;a &lt;b', '\\&#x202e;a \\&lt;b'],
    ['code', 'a `b` ```c', 'a \\`b\\` \\`\\`\\`c'],
    ['a fence', '~~~ a', '\\~\\~\\~ a'],
    ['emphasis', '**best**', '\\*\\*best\\*\\*'],
    ['a cell', 'a | b', 'a \\| b'],
    ['lines', 'a\n\n# b\r\n| c |\u2028d', 'a # b \\| c \\| d'],
    ['a heading', '## a', '\\## a'],
    ['a quotation', '> a', '\\> a'],
    ['a list', '- a', '\\- a'],
    ['a numbered list', '12. a', '12\\. a'],
    ['a task', '[x] a', '\\[x] a'],
    ['a rule', '---', '\\---'],
    ['a terminal command', 'a\u001b]52;c;x\u0007b\u202e', 'ab'],
  ])('keeps %s text', (_what, foreign, markdown) => {
    expect(markdownText(foreign)).toBe(markdown);
  });

  test.each(['gpt-4o_mini@r2', 'panel(a + b)', '-1.5', 'mean 3.81 [3.70, 3.92]', '100 % & more', '2.5-vl'])(
    'leaves %j as it is',
    (text) => {
      expect(markdownText(text)).toBe(text);
    },
  );
});

describe('codeSpan', () => {
  test.each([
    ['a', '`a`'],
    ['', '`  `'],
    ['a `b` c', '``a `b` c``'],
    ['`', '`` ` ``'],
    ['a``', '``` a`` ```'],
    ['a\n\n<b>', '`a <b>`'],
  ])('of %j is %s', (text, span) => {
    expect(codeSpan(text)).toBe(span);
  });

  test('ends only at its end', () => {
    const text = fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '\\', '\u001b'), maxLength: 30 });
    fc.assert(
      fc.property(text, (foreign) => {
        const [, fence = '', inner = ''] = /^(`+)([^`].*?|[^`])\1$/.exec(codeSpan(foreign))!;
        expect(inner).not.toMatch(new RegExp(`(?<!\`)${fence}(?!\`)`));
        expect(inner).not.toMatch(UNSAFE_CHARACTERS);
      }),
    );
  });
});
