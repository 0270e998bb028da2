import { expect, test } from 'vitest';
import { addUsage, NO_USAGE } from '../../src/models/chat-model.ts';

test('addUsage adds each count', () => {
  const usage = { inputTokens: 5, cachedInputTokens: 2, outputTokens: 1 };
  expect(addUsage(usage, { inputTokens: 10, cachedInputTokens: 20, outputTokens: 30 })).toEqual({
    inputTokens: 15,
    cachedInputTokens: 22,
    outputTokens: 31,
  });
  expect(addUsage(NO_USAGE, usage)).toEqual(usage);
});
