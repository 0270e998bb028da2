import fc from 'fast-check';
import { expect, test } from 'vitest';
import { terminalJson, terminalText } from '../../src/internal/terminal-text.ts';
import { UNSAFE_CHARACTERS } from '../unsafe-characters.ts';

test.each([
  ['the clipboard by OSC 52', '\u001b]52;c;cm0gLXJmIH4=\u0007', ''],
  ['the same, ended by ST', '\u001b]52;c;cm0gLXJmIH4=\u001b\\', ''],
  ['the same in C1', '\u009d52;c;cm0gLXJmIH4=\u009c', ''],
  ['a title', '\u001b]0;root@host\u0007', ''],
  ['a link', '\u001b]8;;https://evil.example\u001b\\docs\u001b]8;;\u001b\\', 'docs'],
  ['a notification', '\u001b]9;done\u0007', ''],
  ['an image of iTerm', '\u001b]1337;File=inline=1:AAAA\u0007', ''],
  ['a string that never ends', '\u001b]52;c;cm0gLXJm and more', '52;c;cm0gLXJm and more'],
  ['a device control string', '\u001bP$q"p\u001b\\', ''],
  ['a program command', '\u001b_Gf=100;AAAA\u001b\\', ''],
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['colours in C1', '\u009b31mred\u009bm', 'red'],
  ['colours with colons', '\u001b[38:2::255:0:0mred', 'red'],
  ['a cleared screen', '\u001b[2J\u001b[H', ''],
  ['a question to the terminal', '\u001b[6n\u001b[c\u001b[>q', ''],
  ['a moved cursor', 'score 1\u001b[1D5', 'score 15'],
  ['an alternate screen', '\u001b[?1049h', ''],
  ['a reset', '\u001bc', ''],
  ['another character set', '\u001b(0qqq', 'qqq'],
  ['half a sequence', 'a\u001b[', 'a'],
  ['a sequence inside another', '\u001b\u001b[0m]52;c;x\u0007', ']52;c;x'],
  ['a backspace', 'pass\b\b\b\bfail', 'passfail'],
  ['a deleted character', 'pass\u007f', 'pass'],
  ['a bell', '\u0007', ''],
  ['a NUL', 'a\u0000b', 'ab'],
  ['a shift out', '\u000eqqq\u000f', 'qqq'],
  ['a carriage return', 'failed\rpassed', 'failed\npassed'],
  ['a line end of Windows', 'a\r\nb', 'a\nb'],
  ['other line ends', 'a\u0085b\u2028c\u2029d', 'a\nb\nc\nd'],
  ['form feed and vertical tab', 'a\fb\vc', 'abc'],
  ['an override', 'data\u202elnosj.exe', 'datalnosj.exe'],
  ['isolates', '\u2066a\u2067b\u2068c\u2069', 'abc'],
  ['direction marks', '\u200ea\u200fb\u061c', 'ab'],
])('terminalText drops %s', (_what, hostile, shown) => {
  expect(terminalText(hostile)).toBe(shown);
});

test.each(['plain', 'a\tb\nc', 'ærlig talt, 東京 👩‍👩‍👧 ❤️ é', 'عربي', 'p < 0.001 [3.70, 3.92]'])(
  'terminalText leaves %j as it is',
  (text) => {
    expect(terminalText(text)).toBe(text);
  },
);

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u001b', '\u009b', '\u009d', '\u0007', '\u009c', '[', ']', '\\', '\r', '\n', ';', 'm'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
});

test('no text brings a control character to the terminal', () => {
  fc.assert(fc.property(hostile, (text) => !UNSAFE_CHARACTERS.test(terminalText(text))));
});

test('terminalJson is safe, and parses to the same value', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const json = terminalJson({ [text]: [text] });
      expect(json).not.toMatch(UNSAFE_CHARACTERS);
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
    }),
  );
});
