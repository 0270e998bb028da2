import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { sessionOptions } from '../../src/embeddings/session-options.ts';

describe('sessionOptions', () => {
  it('limits threads to four, and to the cores', () => {
    expect(sessionOptions().intraOpNumThreads).toBe(Math.min(4, availableParallelism()));
  });

  it('uses as many threads as told, which sleep while they wait', () => {
    expect(sessionOptions(7)).toEqual({
      intraOpNumThreads: 7,
      interOpNumThreads: 1,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  });
});
