import { expect, test } from 'vitest';
import { sideBySide } from '../../src/cli/side-by-side.ts';

test('wraps two texts into columns of the terminal', () => {
  expect(sideBySide(['LEFT', 'one two three four five six'], ['RIGHT', 'seven'], { columns: 41 })).toBe(
    ['  LEFT                 RIGHT', '  one two three four   seven', '  five six'].join('\n'),
  );
});

test('line breaks are kept, a word that is too long goes on in the next line, and emoji take two columns', () => {
  const lines = sideBySide(['A', '🙂 abcdefghijklmnopqrstuvwxyz'], ['B', 'right\n\nside'], {
    columns: 37,
  }).split('\n');
  expect(lines).toEqual([
    '  A                  B',
    '  🙂                 right',
    '  abcdefghijklmnop   side',
    '  qrstuvwxyz',
  ]);
});

test('counts the words that do not fit', () => {
  const text = 'one two three four five six seven eight nine ten';
  const lines = sideBySide(['A', text], ['B', 'one'], { columns: 37, lines: 2 }).split('\n');
  expect(lines).toEqual(['  A                  B', '  one two three      one', '  ... 7 more words']);
});

test('is never wider than the terminal', () => {
  const words = Array.from({ length: 60 }, (_, index) => 'w'.repeat(1 + (index % 9))).join(' ');
  for (const columns of [40, 80, 110]) {
    for (const line of sideBySide(['A', words], ['B', words], { columns }).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(columns);
    }
  }
});
