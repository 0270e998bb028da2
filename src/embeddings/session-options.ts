import { availableParallelism } from 'node:os';

/** More would mostly wait for memory, and disturb others. */
const MAX_THREADS = 4;

/** Options of an onnxruntime session. */
export interface SessionOptions {
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly extra: object;
}

/**
 * How a session uses the processor. Threads that have nothing to do sleep: by default they spin, which takes twice the
 * processor time and, on a busy machine, time from those that work.
 *
 * @param threads Default: one per core, at most 4.
 */
export function sessionOptions(
  threads: number = Math.min(MAX_THREADS, availableParallelism()),
): SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
