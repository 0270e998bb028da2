import { join } from 'node:path';
import type { AloeConfig } from '../config/config.ts';
import { isPostgresUrl } from '../runs/postgres-url.ts';

/** Where a pipeline works if its config does not say. */
export const DEFAULT_RUN = 'runs/aloe';

/** The directory of a config's files: that of its run. A run in a database has one of its name in `runs`. */
export function filesDirectory({ run = DEFAULT_RUN }: Pick<AloeConfig, 'run'>): string {
  if (!isPostgresUrl(run) || !URL.canParse(run)) return run;
  // A name has no slash; what is no name is refused when the run is opened.
  return join('runs', (new URL(run).searchParams.get('run') ?? 'aloe').replaceAll(/[/\\]/g, '-'));
}

/** Where a pipeline keeps its files, beside the run's own. */
export interface PipelineFiles {
  /** The directory of all of them: that of the run, or another one if it is read-only or in a database. */
  readonly dir: string;
  /** The persona pool. */
  readonly personas: string;
  /** The conversations. */
  readonly conversations: string;
  /** Directory of the training files. */
  readonly data: string;
  /** Directory of the evaluation results, one file per candidate. */
  readonly results: string;
  /** The report. */
  readonly report: string;
}

export function pipelineFiles(dir: string): PipelineFiles {
  return {
    dir,
    personas: join(dir, 'personas.json'),
    conversations: join(dir, 'conversations.jsonl'),
    data: join(dir, 'data'),
    results: join(dir, 'results'),
    report: join(dir, 'report.html'),
  };
}
