import { expect, test } from 'vitest';
import { describeCost } from '../../src/cli/cost.ts';

const stats = (calls: number, inputTokens: number) => ({
  calls,
  replayed: 2,
  rebought: 0,
  embedded: 0,
  inFlight: 0,
  usage: { inputTokens, cachedInputTokens: 0, outputTokens: 0 },
  spending: {
    calls,
    usage: { inputTokens, cachedInputTokens: 0, outputTokens: 0 },
    usd: 0,
    unpriced: ['m'],
    estimatedCalls: 0,
  },
});

test('calls without token counts do not read as calls of no tokens', () => {
  expect(describeCost(stats(91, 0), 1_000)).toBe(
    '91 model calls (2 from cache) in 1 s; the server reports no token counts.',
  );
  expect(describeCost(stats(91, 300), 1_000)).toContain('300 tokens in, 0 out.');
  expect(describeCost(stats(0, 0), 1_000)).toContain('0 tokens in, 0 out.');
});
