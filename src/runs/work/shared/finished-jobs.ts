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

/** The ones that were finished after the first `after`, at most so many, the last one at the end; and how many there are. */
export async function finishedAfter(
  database: Transaction,
  schema: string,
  run: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<{ readonly jobs: readonly FinishedJob[]; readonly count: number }> {
  if (!(await hasTable(database, bossSchema(schema), 'job'))) return { jobs: [], count: 0 };
  // Results are long, so only those of the last jobs are read.
  const rows = await database.query<FinishedJob & { count: number }>(
    `WITH finished AS (SELECT name, id, completed_on ${finishedIn(schema)}),
       total AS (SELECT count(*)::integer AS count FROM finished),
       last AS (SELECT finished.*, count FROM finished, total ORDER BY completed_on DESC, id
         LIMIT (SELECT greatest(0, least(count - $2::integer, $3::integer)) FROM total))
     SELECT last.count, data->'work' AS work, output->>'result' AS text
     FROM last JOIN ${bossSchema(schema)}.job USING (name, id) ORDER BY last.completed_on, last.id DESC`,
    [`${queuePrefix(run)}%`, after, limit],
  );
  return { jobs: rows, count: rows[0]?.count ?? after };
}

/** Only a list that is followed says what its jobs are. */
function finishedIn(schema: string): string {
  return `FROM ${bossSchema(schema)}.job WHERE name LIKE $1 AND state = 'completed' AND data->'work' IS NOT NULL`;
}
