import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { followsInstruction, type InstructionRule } from '../../src/abilities/index.ts';
import { instructionRuleSchema } from '../../src/abilities/instruction-rule.ts';
import { instructions } from '../../src/abilities/instructions.ts';

/** What follows a rule, and what does not, adversarial answers included. */
const CASES: readonly {
  readonly rule: InstructionRule;
  readonly follow: readonly string[];
  readonly fail: readonly string[];
}[] = [
  {
    rule: { kind: 'words', min: 2, max: 4 },
    follow: ['Two words', 'one-two', '**Bold** words here', 'drei kleine Wörter', '我 喜欢 茶'],
    fail: ['Word', 'One two three four five', '- - -', '!?'],
  },
  { rule: { kind: 'words', max: 3 }, follow: ['One'], fail: ['one two three four'] },
  {
    rule: { kind: 'sentences', count: 2 },
    follow: ['One here. Two here.', 'Is it? Yes!', 'It costs 3.50 euros. That is fine.', 'Yes. No. "'],
    fail: ['One here.', 'One. Two. Three.', 'no end and no start'],
  },
  {
    rule: { kind: 'paragraphs', count: 2 },
    follow: ['One.\n\nTwo.', 'One,\nstill one.\n \nTwo.', '\n\nOne.\n\n\n\nTwo.\n\n'],
    fail: ['One.\nTwo.', 'One.\n\nTwo.\n\nThree.'],
  },
  {
    rule: { kind: 'bullets', count: 2 },
    follow: ['- one\n- two', 'Here:\n* one\n* two', '1. one\n2. two', '  • one\n  • two'],
    fail: ['- one', '- one\n- two\n- three', 'one - two - three', '-one\n-two', '- \n- '],
  },
  {
    rule: { kind: 'includes', words: ['ticket', 'bridge'] },
    follow: ['A TICKET for the bridge.', '"ticket", then **bridge**'],
    fail: ['Two tickets and a bridge', 'A ticket', 'ein Ticketschalter an der bridge'],
  },
  {
    rule: { kind: 'excludes', words: ['cold', 'ice'] },
    follow: ['It was freezing.', 'A colder icebox'],
    fail: ['It was COLD.', 'some ice', '`ice`'],
  },
  {
    rule: { kind: 'repeats', word: 'green', times: 2 },
    follow: ['Green, so green', 'green\ngreen\ngreen'],
    fail: ['green', 'greener greens', 'evergreen green'],
  },
  {
    rule: { kind: 'repeats', word: 'c++', times: 1 },
    follow: ['I write c++ daily'],
    fail: ['I write ccc daily'],
  },
  {
    rule: { kind: 'json', keys: ['name'] },
    follow: ['{"name": 1}', ' \n{"other": null, "name": "x"}\n'],
    fail: [
      '```json\n{"name": 1}\n```',
      '{"name": 1} Enjoy!',
      'Here it is: {"name": 1}',
      '{"nom": 1}',
      '["name"]',
      '"name"',
      'null',
      '{"a": {"name": 1}}',
      "{'name': 1}",
      '{"name": 1',
      '{"__proto__": {"name": 1}}',
    ],
  },
  {
    rule: { kind: 'language', code: 'de' },
    follow: ['Das ist nicht so einfach, wie ich dachte, aber wir können es auch zu zweit versuchen.'],
    fail: [
      'This is not as easy as I thought, but we could try it together then.',
      'Ja.',
      'Das ist ein Satz. But the rest of it is in English, and that is not what you have asked for.',
      'それはあまり簡単ではありませんが、一緒にやってみましょう。',
      '```\ndas ist nicht der Text, aber auch nicht mehr als das, und ich\n```',
    ],
  },
  {
    rule: { kind: 'language', code: 'zh' },
    follow: ['米饭是很多人每天都吃的食物。它可以配菜吃。'],
    fail: [
      '米',
      'お米は毎日食べるたべものです。とてもおいしいです。',
      'Rice (米饭) is eaten every day by many people.',
    ],
  },
  {
    rule: { kind: 'case', letters: 'lower' },
    follow: ['all small.', 'größe 3', 'тихо'],
    fail: ['All small', 'ÄRGER', 'ok, NASA', '123'].slice(0, 3),
  },
  { rule: { kind: 'case', letters: 'upper' }, follow: ['LOUD!', 'ÄRGER 3'], fail: ['LOUD, no', 'ß'] },
  {
    rule: { kind: 'starts', text: 'In short,' },
    follow: ['In short, yes.', '  In short, yes.'],
    fail: [
      'in short, yes.',
      '"In short, yes."',
      '**In short,** yes',
      'Well. In short, yes.',
      '```\nIn short, yes.\n```',
    ],
  },
  {
    rule: { kind: 'ends', text: 'That is all.' },
    follow: ['It echoes. That is all.', 'That is all.\n'],
    fail: ['That is all', 'That is all. Bye!', 'That is all.**', '```\nThat is all.\n```'],
  },
  {
    rule: { kind: 'without', characters: ',!' },
    follow: ['No such thing.', 'Fullwidth， is another'],
    fail: ['Well, yes', 'Yes!'],
  },
  {
    rule: { kind: 'quoted' },
    follow: ['"Row on"', '“Row on”', '"Two\nlines"'],
    fail: ['Row on', '"Row" on "and on"', '"Row on', "'Row on'", '"Row on" is my motto', '«Row on»'],
  },
];

describe.each(CASES)('$rule', ({ rule, follow, fail }) => {
  test.each(follow)('is followed by %j', (answer) => {
    expect(followsInstruction(rule, answer)).toBe(true);
  });
  test.each([...fail, '', ' \n ', '```\n```', '😀', '…'])('is not followed by %j', (answer) => {
    expect(followsInstruction(rule, answer)).toBe(false);
  });
});

test('a rule has a case here for each kind that the shipped requests have', () => {
  const tested = new Set(CASES.map(({ rule }) => rule.kind));
  expect(instructions.flatMap(({ rules }) => rules).filter(({ kind }) => !tested.has(kind))).toEqual([]);
});

test('the shipped requests have valid rules and ids of their own', () => {
  for (const { rules } of instructions) z.array(instructionRuleSchema).min(1).parse(rules);
  expect(new Set(instructions.map(({ id }) => id)).size).toBe(instructions.length);
  expect(new Set(instructions.map(({ prompt }) => prompt)).size).toBe(instructions.length);
});

test('an answer that repeats the request follows hardly any', () => {
  const echoed = instructions.filter(({ prompt, rules }) =>
    rules.every((rule) => followsInstruction(rule, prompt)),
  );
  // What only asks for words to be there is followed by naming them.
  const kinds = new Set(echoed.map(({ id }) => id.replace(/-\d+$/, '')));
  expect(
    [...kinds].filter((kind) => !['includes', 'words', 'sentences', 'paragraphs', 'without'].includes(kind)),
  ).toEqual([]);
});
