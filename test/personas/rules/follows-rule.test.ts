import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { followsRule } from '../../../src/personas/rules/follows-rule.ts';
import type { Rule } from '../../../src/personas/rules/persona-rule.ts';

const meets = (rule: Rule) => (text: string) => followsRule(rule, text);

describe('length', () => {
  const three = meets({ kind: 'length', minWords: 3, maxWords: 3 });

  test.each([
    'one two three',
    "  one, don't\n\nthree!  ",
    '3 of 4',
    'one — two … three 🎉',
    '- one\n- two\n- three',
    'Größe über alles',
  ])('counts three words in %j', (text) => {
    expect(three(text)).toBe(true);
  });

  test.each(['', 'one two', 'one two three four', '🎉 🎉 🎉', '. . .'])(
    'does not count three words in %j',
    (text) => {
      expect(three(text)).toBe(false);
    },
  );

  it('counts words of a script without spaces', () => {
    expect(meets({ kind: 'length', minWords: 3, maxWords: 5 })('我今天很高兴')).toBe(true);
  });

  it('includes its bounds', () => {
    expect(meets({ kind: 'length', maxWords: 2 })('one two')).toBe(true);
    expect(meets({ kind: 'length', minWords: 2 })('one two')).toBe(true);
  });
});

describe('emoji', () => {
  const wanted = meets({ kind: 'emoji', wanted: true });

  test.each(['Nice 🎉', '❤', '❤️', '👩‍👩‍👧', '🇳🇴', '1️⃣', '👍🏽', '☺️', 'mid🐝word'])('is seen in %j', (text) => {
    expect(wanted(text)).toBe(true);
  });

  test.each([
    'Nice :)',
    '© 2026 Aloe™',
    '1 + 1 # 2 *',
    'A → B ↔ C',
    '▪ a square bullet',
    '★★★',
    '<3',
    '你好',
  ])('is not seen in %j', (text) => {
    expect(wanted(text)).toBe(false);
  });
});

describe('question', () => {
  const asked = meets({ kind: 'question', wanted: true });

  test.each([
    'And you?',
    'Really?!',
    'He said "why?"',
    '(you too?)',
    '**And you?**',
    'vraiment ?',
    '你呢？',
    'وأنت؟',
  ])('is found in %j', (text) => {
    expect(asked(text)).toBe(true);
  });

  test.each([
    'Tell me more.',
    'See https://example.org/search?q=bees',
    'Run `ls file?.txt` now.',
    '```\nwhat?\n```\nThat was code.',
    'Hm ... ? ? ?',
    '???',
  ])('is not found in %j', (text) => {
    expect(asked(text)).toBe(false);
  });
});

describe('list', () => {
  const list = meets({ kind: 'list', wanted: true });

  test.each([
    '- one\n- two',
    'Well:\n* one\n* two',
    '1. one\n2. two',
    '1) one\n\n2) two',
    '  • one\n  • two',
    '- **one**: a\r\n- **two**: b',
  ])('is seen in %j', (text) => {
    expect(list(text)).toBe(true);
  });

  test.each([
    '- only one',
    'one - two - three',
    '-one\n-two',
    '---\n---',
    '* * *\n* * *',
    'In 2019. Then\nin 2020. Then',
    '1.5 litres\n2.5 litres',
    'First, rest. Second, eat.',
  ])('is not seen in %j', (text) => {
    expect(list(text)).toBe(false);
  });
});

describe('formality', () => {
  const formal = meets({ kind: 'formality', wanted: 'formal' });
  const casual = meets({ kind: 'formality', wanted: 'casual' });
  const neutral = (words: number) => 'word '.repeat(words);

  test.each([
    "I don't mind.",
    'It’s fine.',
    'Yeah, of course.',
    'i think so',
    'That is sooo good',
    'What?!',
    'We are gonna be late.',
    'Hahaha, good one.',
  ])('finds %j casual', (text) => {
    expect([casual(text), formal(text)]).toEqual([true, false]);
  });

  test.each([
    'I do not mind.',
    "I met Anna's brother at St Mary's.",
    'Dear Sir, I would be glad to be of help.',
    'The tall building is still full.',
    'Is it? It is!',
    'See section i. and i.e. the rest.',
    'A heyday of okra on www.okra.org, chapter viii.',
  ])('finds %j formal', (text) => {
    expect([casual(text), formal(text)]).toEqual([false, true]);
  });

  it('casual text needs one mark per 40 words, and text with fewer is neither', () => {
    const text = `Yeah. ${neutral(39)}`;
    expect([casual(text), formal(text)]).toEqual([true, false]);
    expect([casual(`${text} word`), formal(`${text} word`)]).toEqual([false, false]);
  });
});

describe('vocabulary and topic', () => {
  const named = meets({
    kind: 'topic',
    words: ['cat', 'São Paulo', "devil's food", 'C++', 'naïve'],
    wanted: true,
  });

  test.each([
    'My CAT sleeps.',
    'cat',
    '"Cat!"',
    'the_end: cat-like',
    'in SÃO  PAULO today',
    'Sa\u0303o\nPaulo',
    'Devil’s food cake',
    'I write C++.',
    'How NAÏVE',
  ])('finds a word in %j', (text) => {
    expect(named(text)).toBe(true);
  });

  test.each(['cats', 'concatenate', 'catégorie', 'my_cat_file', 'São', 'C+', 'naive', ''])(
    'finds no word in %j',
    (text) => {
      expect(named(text)).toBe(false);
    },
  );

  it('requires one of the words, or forbids all of them', () => {
    const words = ['rain', 'snow'];
    expect(meets({ kind: 'vocabulary', words, wanted: true })('Snow again.')).toBe(true);
    expect(meets({ kind: 'vocabulary', words, wanted: false })('Snow again.')).toBe(false);
    expect(meets({ kind: 'vocabulary', words, wanted: false })('Sun again.')).toBe(true);
  });

  it('matches any word literally, even with pattern characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (word) => {
        fc.pre(/[\p{L}\p{N}]/u.test(word));
        expect(meets({ kind: 'topic', words: [word], wanted: true })(`so ${word.trim()} yes`)).toBe(true);
      }),
    );
  });
});

const RULES: readonly Rule[] = [
  { kind: 'length', minWords: 2, maxWords: 40 },
  { kind: 'emoji', wanted: true },
  { kind: 'question', wanted: true },
  { kind: 'list', wanted: true },
  { kind: 'formality', wanted: 'formal' },
  { kind: 'topic', words: ['cat'], wanted: true },
];

test.each(RULES)('$kind is checked quickly on huge and repetitive texts', (rule) => {
  for (const piece of ['a', ' ', '\n', '?', '- ', '1. ', "n't", '`', '```', 'x://', '"', '👩‍', 'cat']) {
    const start = process.cpuUsage();
    followsRule(rule, piece.repeat(50_000));
    // Of the processor, not of the clock: other programs may hold this one up.
    expect(process.cpuUsage(start).user / 1_000, piece).toBeLessThan(1_500);
  }
});
