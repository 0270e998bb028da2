import type { Transaction } from '../../postgres/database.ts';
import { hasTable } from '../../postgres/schema.ts';
import type { WorkLabel } from '../run-work.ts';
import { bossSchema } from './open-boss.ts';
import { queuePrefix } from './work-queue.ts';

/** A conversation or case that a process of the run has finished. */
export interface FinishedJob {
  readonly work: WorkLabel;
  /** The result in JSON. */
  readonly text: string;
}

/** How many conversations and cases of a run were finished. */
export async function countFinished(database: Transaction, schema: string, run: number): Promise<number> {
  if (!(await hasTable(database, bossSchema(schema), 'job'))) return 0;
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::integer AS count ${finishedIn(schema)}`,
    [`${queuePrefix(run)}%`],
  );
  return row!.count;
}

/** The ones that were finished last, the last one at the end. */
export async function lastFinished(
  database: Transaction,
  schema: string,
  run: number,
  limit: number,
): Promise<FinishedJob[]> {
  if (limit < 1 || !(await hasTable(database, bossSchema(schema), 'job'))) return [];
  const last = await database.query<FinishedJob>(
    `SELECT data->'work' AS work, output->>'result' AS text ${finishedIn(schema)}
     ORDER BY completed_on DESC, id LIMIT $2`,
    [`${queuePrefix(run)}%`, limit],
  );
  return last.reverse();
}

/** Only a list that is followed says what its jobs are. */
function finishedIn(schema: string): string {
  return `FROM ${bossSchema(schema)}.job WHERE name LIKE $1 AND state = 'completed' AND data->'work' IS NOT NULL`;
}
