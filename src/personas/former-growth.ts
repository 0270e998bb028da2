import type { Embedder } from '../embeddings/embedder.ts';
import type { Run } from '../runs/run.ts';
import { storedAnswersOf } from '../runs/stored-answers.ts';
import { POOL_KINDS } from './pool-data.ts';
import type { PoolEntry } from './pool-entry.ts';
import type { Entries } from './read-entries.ts';
import { comparedText } from './statements.ts';

/**
 * Whether version 0.1 began to grow a pool from these seeds in this run. Such a growth has vectors of the seeds under its
 * own text rule, and none of the entries that new growth keeps apart from by default.
 */
export async function isFormerGrowth(
  run: Run,
  embedder: Embedder,
  seeds: Entries,
  apartFrom: Entries,
): Promise<boolean> {
  const answers = storedAnswersOf(run);
  if (answers === undefined) return false;
  const isStored = async (entry: PoolEntry | undefined, rule: 1 | 2) =>
    entry !== undefined &&
    (await answers.vector(embedder, comparedText(entry.statements, rule))) !== undefined;
  for (const kind of POOL_KINDS) {
    const former = (await isStored(seeds[kind][0], 1)) && !(await isStored(apartFrom[kind][0], 2));
    if (former) return true;
  }
  return false;
}
