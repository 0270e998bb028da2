import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinStatements, splitSentences, tidyStatement } from '../../src/personas/statements.ts';

describe('splitSentences', () => {
  it.each([
    ['She is 34. She has a son.', ['She is 34.', 'She has a son.']],
    ['Dr. Patel is kind. She agrees.', ['Dr. Patel is kind.', 'She agrees.']],
    ['Grew up in St. Louis. Loves jazz.', ['Grew up in St. Louis.', 'Loves jazz.']],
    ['Likes sports, e.g. Rugby. Hates golf.', ['Likes sports, e.g. Rugby.', 'Hates golf.']],
    ['Earns 3.5 million yen. Saves 10.', ['Earns 3.5 million yen.', 'Saves 10.']],
    ['Served in the U.S. Navy. Retired.', ['Served in the U.S. Navy.', 'Retired.']],
    ['Reads J. K. Rowling. Writes too!', ['Reads J. K. Rowling.', 'Writes too!']],
    ['Lives on Main St. She walks a lot.', ['Lives on Main St.', 'She walks a lot.']],
    ['Goes to bed at 9 p.m. and rises at five. Runs.', ['Goes to bed at 9 p.m. and rises at five.', 'Runs.']],
    ['One\nfact over  two lines', ['One fact over two lines']],
    ['  ', []],
  ])('splits %j', (text, sentences) => {
    expect(splitSentences(text)).toEqual(sentences);
  });

  it('keeps every word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(splitSentences(text).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });
});

describe('tidyStatement', () => {
  it.each([
    ['- **Age:** 34.', 'Age: 34'],
    ['1) Works nights', 'Works nights'],
    ['  • "Has a cat",', 'Has a cat'],
    ['*Loves* tea_pots and snake_case', 'Loves tea_pots and snake_case'],
    ['Hedges with "maybe" and "sort of"', 'Hedges with "maybe" and "sort of"'],
    ['Trails off...', 'Trails off...'],
    ['Comes from the U.S.', 'Comes from the U.S.'],
    ['Has a dog, Rex.', 'Has a dog, Rex'],
    ['---', ''],
    ['42', ''],
  ])('turns %j into %j', (raw, tidy) => {
    expect(tidyStatement(raw)).toBe(tidy);
  });

  it('cuts between words, and never inside a character', () => {
    expect(tidyStatement('Lives in a small house by the sea', 20)).toBe('Lives in a small');
    expect(tidyStatement('Lives in a house', 16)).toBe('Lives in a house');
    expect(tidyStatement(`a${'😀'.repeat(10)}`, 4)).toBe('a😀');
  });
});

describe('joinStatements', () => {
  it('ends every statement with one punctuation mark', () => {
    expect(joinStatements(['Is 34', 'Asks why?', 'Hums "la la."'])).toBe('Is 34. Asks why? Hums "la la."');
  });
});
