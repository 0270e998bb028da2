import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellQuote } from '../../src/internal/shell-quote.ts';

test('bash reads every text back as one word', () => {
  const texts = fc.array(
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    {
      minLength: 1,
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(texts, (words) => {
      const nasty = [...words, '$HOME', '`id`', "'", '"', '\\', '!!', '*', '-n', '', '~', '\n', '#'];
      const read = execFileSync('bash', ['-c', `printf '%s\\0' ${nasty.map(shellQuote).join(' ')}`]);
      expect(read.toString().split('\0').slice(0, -1)).toEqual(nasty);
    }),
    { numRuns: 20 },
  );
});

test('text that needs no quotes gets none', () => {
  expect(shellQuote('--config=a/b-c_1.yaml')).toBe('--config=a/b-c_1.yaml');
});
