import { expect, test } from 'vitest';
import type { OrderVerdict, PairVerdict } from '../../src/conversations/pair-verdict.ts';
import { VerdictTally } from '../../src/verification/verdict-tally.ts';

function verdictOf(
  winner: PairVerdict['winner'],
  picks: readonly OrderVerdict['picked'][],
  rest: Partial<PairVerdict> = {},
): PairVerdict {
  const sides = ['preferred', 'rejected'] as const;
  const orders = picks.map((picked, index) => ({ first: sides[index]!, picked, strength: 1 }));
  return { winner, margin: 0, judge: 'j', prompt: 'v@1', orders, ...rest };
}

function summaryOf(verdicts: readonly PairVerdict[]) {
  const tally = new VerdictTally();
  for (const verdict of verdicts) tally.add(verdict);
  return tally.result();
}

test('counts winners, pairs that no judge was asked about and those without a usable verdict', () => {
  const summary = summaryOf([
    verdictOf('preferred', ['preferred', 'preferred']),
    verdictOf('preferred', ['preferred', 'preferred']),
    verdictOf('rejected', ['rejected', 'rejected']),
    verdictOf('undecided', ['equal', 'equal']),
    verdictOf('undecided', []),
    verdictOf('undecided', [null, 'preferred']),
    verdictOf('undecided', ['preferred', null]),
    verdictOf('undecided', [null, null]),
  ]);
  expect(summary).toMatchObject({
    pairs: 8,
    winners: { preferred: 2, rejected: 1, undecided: 5 },
    identical: 1,
    failed: 3,
    consistent: { count: 4, of: 4, share: 1 },
    leansToFirst: { count: 0, of: 0, share: null, interval: null },
    leaning: null,
  });
});

const first = verdictOf('undecided', ['preferred', 'rejected']);
const second = verdictOf('undecided', ['rejected', 'preferred']);
const firstOrEqual = verdictOf('undecided', ['equal', 'rejected']);
const secondOrEqual = verdictOf('undecided', ['equal', 'preferred']);

test.each([
  ['first', [first, firstOrEqual], [secondOrEqual], 9],
  ['second', [firstOrEqual], [second, secondOrEqual], 1],
  [null, [first], [second], 5],
] as const)('a judge leans to the %s position', (leaning, ones, others, count) => {
  const verdicts = Array.from({ length: 10 }, (_, index) => {
    const kind = index < count ? ones : others;
    return kind[index % kind.length]!;
  });
  const { leansToFirst, leaning: found, consistent } = summaryOf(verdicts);
  expect(leansToFirst).toMatchObject({ count, of: 10, share: count / 10 });
  expect(consistent).toMatchObject({ count: 0, of: 10, share: 0 });
  expect(found).toBe(leaning);
});

test('names judges, what their servers say they are, and prompts, each once and sorted', () => {
  const judged = (judge: string, prompt: string, served?: readonly string[]) =>
    verdictOf('preferred', ['preferred', 'preferred'], { judge, prompt, served });
  expect(
    summaryOf([
      judged('b', 'w@1', ['b-2', 'b-1']),
      judged('a', 'v@1'),
      judged('b', 'v@1', ['b-1']),
      judged('a', 'v@1', ['a-1']),
    ]),
  ).toMatchObject({ judges: ['a', 'b'], served: ['a-1', 'b-1', 'b-2'], prompts: ['v@1', 'w@1'] });
});
