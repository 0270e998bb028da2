import { join } from 'node:path';

/** Where a pipeline keeps its files, beside the run's own. */
export interface PipelineFiles {
  /** The directory of all of them: that of the run, or another one if it is read-only. */
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
