import { afterEach, describe, expect, test } from 'vitest';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { describeVerification } from '../../src/verification/describe-verification.ts';
import { summarizeVerdicts } from '../../src/verification/summarize-verdicts.ts';
import { verifyPairs } from '../../src/verification/verify-pairs.ts';
import type { ChatServer } from '../models/chat-server.ts';
import { type BiasedJudge, pairOf, startBiasedJudge } from './biased-judge.ts';

const PAIRS = 120;
const isTrue = (number: number) => number % 3 !== 0;

let server: ChatServer | undefined;
afterEach(() => server?.close());

async function verifyWith(judge: BiasedJudge) {
  server = await startBiasedJudge(judge);
  const trees = Array.from({ length: PAIRS }, (_, number) => pairOf(number, isTrue(number)));
  const verified = await Array.fromAsync(
    verifyPairs(trees, {
      run: memoryRun({ concurrency: 16 }),
      judge: openaiCompatible('judge', { baseUrl: server.baseUrl }),
    }),
  );
  const kept = (ofTrue: boolean) =>
    verified.filter(({ root }, number) => isTrue(number) === ofTrue && root!.verdict!.winner === 'preferred')
      .length;
  return { summary: await summarizeVerdicts(verified), keptTrue: kept(true), keptFalse: kept(false) };
}

describe('with a judge behind a server that picks the first reply with a probability of', () => {
  test('0, all pairs are decided, and rightly', async () => {
    const { summary, keptTrue, keptFalse } = await verifyWith({ bias: 0 });
    expect({ keptTrue, keptFalse }).toEqual({ keptTrue: 80, keptFalse: 0 });
    expect(summary).toMatchObject({
      judges: ['judge'],
      prompts: ['verify-pair@1'],
      pairs: PAIRS,
      winners: { preferred: 80, rejected: 40, undecided: 0 },
      consistent: { count: PAIRS, of: PAIRS, share: 1 },
      leansToFirst: { count: 0, of: 0, share: null, interval: null },
      leaning: null,
    });
  });

  test.each([0.3, 0.6])('%d, it abstains in about as many pairs, and keeps no wrong one', async (bias) => {
    const { summary, keptFalse } = await verifyWith({ bias });
    expect(keptFalse).toBe(0);
    const { low, high } = summary.consistent.interval!;
    expect(low).toBeLessThan(1 - bias);
    expect(high).toBeGreaterThan(1 - bias);
    expect(summary.leaning).toBe('first');
  });

  test('1, it abstains from all', async () => {
    const { summary, keptTrue } = await verifyWith({ bias: 1 });
    expect(keptTrue).toBe(0);
    expect(summary.winners.undecided).toBe(PAIRS);
    expect(summary.leansToFirst).toMatchObject({ count: PAIRS, share: 1 });
    expect(describeVerification(summary)).toBe(
      [
        '120 pairs: the judge prefers the preferred response in 0, the rejected one in 0; undecided: 120.',
        'Same verdict in both orders: 0 % [0, 3] (0 of 120).',
        'Where the orders disagree, it leaned to the response shown first in 100 % [97, 100] (120 of 120): a lean to the first position.',
        'Many verdicts depend on the order. Some of the others agree by chance: use a stronger judge.',
      ].join('\n'),
    );
  });
});

test('a judge without a lean is told from one that disagrees with itself at random', async () => {
  const { summary } = await verifyWith({ bias: 0, skill: 0.6 });
  expect(summary.consistent.share).toBeLessThan(0.8);
  expect(summary.leaning).toBeNull();
});

test('turns without a verdict are left out', async () => {
  const summary = await summarizeVerdicts([pairOf(1, true)]);
  expect(summary).toMatchObject({ pairs: 0, consistent: { share: null, interval: null }, leaning: null });
  expect(describeVerification(summary)).toBe('No pair has a verdict.');
});
