import type { ProcessState } from '../steering/process-state.ts';
import type { Transaction } from './database.ts';

/** A process that works on a run, as the database knows it. */
export interface WorkingProcess {
  readonly host: string;
  readonly pid: number;
  /** By the clock of the database, like all times here. */
  readonly since: Date;
  /** When it reported last. */
  readonly seen: Date;
  /** When this was read. */
  readonly now: Date;
  /** The last steering that it has followed. */
  readonly steered: number;
  /** What it told of itself then. Null for a moment after it came, or after a crash of the database. */
  readonly state: ProcessState | null;
}

/** The processes that are alive and can be steered, the one that came first first. One that only copies answers is left out. */
export function readProcesses(database: Transaction, schema: string, run: number): Promise<WorkingProcess[]> {
  return database.query<WorkingProcess>(
    `SELECT w.host, w.pid, w.started_at AS since, w.seen_at AS seen, now() AS now, w.steered, l.state
     FROM ${schema}.workers w LEFT JOIN ${schema}.live l ON l.worker = w.id
     WHERE w.run = $1 AND w.lease_until > now() AND w.steered IS NOT NULL ORDER BY w.started_at, w.id`,
    [run],
  );
}
