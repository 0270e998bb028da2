import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAddress, writeAddress } from '../../src/report/page/address.ts';

describe('the address of the report’s page', () => {
  test('is short without filters', () => {
    expect(writeAddress({ open: null, fields: { words: '' } })).toBe('#conversations');
    expect(writeAddress({ open: 12, fields: {} })).toBe('#conversation-12');
  });

  test('of something else is none of a conversation', () => {
    for (const hash of ['', '#results', '#conversation', '#conversation-x', '#conversations2']) {
      expect(readAddress(hash)).toBeNull();
    }
  });

  const fields = fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
    fc.string({ minLength: 1, unit: 'grapheme' }),
    { noNullPrototype: true },
  );
  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.option(fc.nat()), fields, (open, set) => {
        expect(readAddress(writeAddress({ open, fields: set }))).toEqual({ open, fields: set });
      }),
    );
  });
});
