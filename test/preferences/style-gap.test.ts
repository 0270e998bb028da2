import { describe, expect, test } from 'vitest';
import { createStyleGapCounter, describeStyleGap } from '../../src/preferences/style-gap.ts';

type Pair = readonly [preferred: string, rejected: string];

function gapOf(pairs: readonly Pair[]) {
  const counter = createStyleGapCounter();
  for (const [preferred, rejected] of pairs) counter.add({ preferred, rejected });
  return counter.result();
}

const repeated = (count: number, pair: Pair) => Array.from({ length: count }, () => pair);

describe('the style gap', () => {
  test('counts each sign by side, and the pairs that show it on both', () => {
    expect(
      gapOf([
        ['Which valley? 🙂', 'Which one?'],
        ['Good!', 'Is it far? I hope not.'],
        ['1. Wax\n2. Wait', 'Wax it and wait.'],
      ]),
    ).toEqual({
      pairs: 3,
      question: { preferred: 1, rejected: 1, both: 1 },
      exclamation: { preferred: 1, rejected: 0, both: 0 },
      emoji: { preferred: 1, rejected: 0, both: 0 },
      list: { preferred: 1, rejected: 0, both: 0 },
    });
  });

  test.each(['Really?', 'Really?"', '(Is it?)', '真的吗？', 'حقا؟', 'Really? 😅', '*Really?*'])(
    'takes %j for an end in a question',
    (text) => {
      expect(gapOf([[text, 'Yes.']])!.question.preferred).toBe(1);
    },
  );

  test.each(['Really? Yes.', 'x != y', '/!\\ Ice'])('finds no sign in %j', (text) => {
    const gap = gapOf([[text, 'Yes.']])!;
    expect([gap.question.preferred, gap.exclamation.preferred]).toEqual([0, 0]);
  });

  test('is null without pairs', () => {
    expect(gapOf([])).toBeNull();
  });
});

describe('its description', () => {
  test('names each sign that is mostly on one side', () => {
    const pairs = [
      ...repeated(10, ['Snow.', 'Snow again!']),
      ...repeated(2, ['Snow!', 'Snow!']),
      ...repeated(2, ['Snow?', 'Snow.']),
    ];
    expect(describeStyleGap(gapOf(pairs)!)).toEqual([
      '2 of 14 preferred and 12 rejected responses have an exclamation mark: a trainer may learn this for everybody.',
    ]);
  });

  test('leaves out signs that are as frequent on both sides, and gaps of a few pairs', () => {
    const mixed: Pair[] = [...repeated(20, ['Snow!', 'Snow.']), ...repeated(20, ['Snow.', 'Snow!'])];
    expect(describeStyleGap(gapOf(mixed)!)).toEqual([]);
    expect(describeStyleGap(gapOf(repeated(8, ['Snow!', 'Snow.']))!)).toEqual([]);
  });
});
