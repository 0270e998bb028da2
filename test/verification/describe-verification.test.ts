import { describe, expect, test } from 'vitest';
import { describeVerification } from '../../src/verification/describe-verification.ts';
import type { VerdictShare, VerificationSummary } from '../../src/verification/verdict-tally.ts';

const none: VerdictShare = { count: 0, of: 0, share: null, interval: null };
const share = (count: number, of: number): VerdictShare => ({
  count,
  of,
  share: count / of,
  interval: { low: count / of - 0.104, high: count / of + 0.106 },
});
const summary: VerificationSummary = {
  judges: ['j'],
  served: [],
  prompts: ['v@1'],
  pairs: 10,
  winners: { preferred: 6, rejected: 1, undecided: 3 },
  identical: 0,
  failed: 0,
  consistent: share(7, 10),
  leansToFirst: none,
  leaning: null,
};
const PAIRS = '10 pairs: the judge prefers the preferred response in 6, the rejected one in 1; undecided: 3.';
const CONSISTENT = 'Same verdict in both orders: 70 % [60, 81] (7 of 10).';

describe('what a judge said of the pairs', () => {
  test('is the winners, and how far it agrees with itself', () => {
    expect(describeVerification(summary)).toBe(`${PAIRS}\n${CONSISTENT}`);
    expect(describeVerification({ ...summary, consistent: none })).toBe(PAIRS);
  });

  test('says why pairs are undecided', () => {
    const because = (change: Partial<VerificationSummary>) =>
      describeVerification({ ...summary, consistent: none, ...change }).split('undecided: ')[1];
    expect(because({ identical: 2 })).toBe('3 (2 with equal responses).');
    expect(because({ failed: 1 })).toBe('3 (1 without a usable verdict).');
    expect(because({ identical: 2, failed: 1 })).toBe(
      '3 (2 with equal responses, 1 without a usable verdict).',
    );
  });

  test('says to which position it leans, if to any', () => {
    const lean = (leaning: VerificationSummary['leaning']) =>
      describeVerification({ ...summary, leansToFirst: share(1, 2), leaning }).split('\n')[2];
    const words =
      'Where the orders disagree, it leaned to the response shown first in 50 % [40, 61] (1 of 2)';
    expect(lean(null)).toBe(`${words}.`);
    expect(lean('first')).toBe(`${words}: a lean to the first position.`);
    expect(lean('second')).toBe(`${words}: a lean to the second position.`);
  });

  test('warns of a judge that agrees with itself in less than seven of ten pairs', () => {
    const warning =
      'Many verdicts depend on the order. Some of the others agree by chance: use a stronger judge.';
    expect(describeVerification({ ...summary, consistent: share(69, 100) }).split('\n')[2]).toBe(warning);
    expect(describeVerification(summary)).not.toContain(warning);
  });

  test('is one sentence without a verdict', () => {
    expect(describeVerification({ ...summary, pairs: 0 })).toBe('No pair has a verdict.');
  });
});
