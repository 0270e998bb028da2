import { expect, test } from 'vitest';
import { ModelCallError } from '../../src/errors.ts';
import type { BatchEvent } from '../../src/models/batch/batch-events.ts';
import { describeBatch } from '../../src/progress/describe-batch.ts';

const batch = { model: 'gpt', batch: 'b1', rows: 50_000 };
const down = new ModelCallError('gpt', 'down.', { status: 503, retryable: true });

test.each<[BatchEvent, string]>([
  [
    { type: 'batch-submitted', ...batch, resumed: false },
    'Submitted 50,000 calls of gpt as batch b1. It may take up to 24 hours.',
  ],
  [
    { type: 'batch-submitted', ...batch, rows: 1, resumed: true },
    'Waiting for 1 call of gpt in batch b1, which was submitted earlier.',
  ],
  [{ type: 'batch-progress', ...batch, answered: 1_234 }, 'Batch b1: 1,234 of 50,000 calls answered.'],
  [
    { type: 'batch-done', ...batch, answered: 49_998, refused: 1, again: 1, durationMs: 65_000 },
    'Batch b1 has ended after 1 min 5 s: 49,998 calls answered, 1 call refused. 1 call will be sent again.',
  ],
  [
    { type: 'batch-retry', model: 'gpt', step: 'poll', error: down, waitMs: 500 },
    'gpt: down. Trying again in 1 s.',
  ],
  [
    { type: 'batch-left', ...batch },
    'Batch b1 with 50,000 calls of gpt runs on. The same command, run again, takes it up.',
  ],
])('$0.type is told as a sentence', (event, sentence) => {
  expect(describeBatch(event)).toBe(sentence);
});
