import { join, resolve } from 'node:path';
import { saveConversations } from '../conversations/conversation-files.ts';
import type { PlayedStudy } from '../demo/play-study.ts';
import { replayStudy } from '../demo/replay-study.ts';
import { DEMO_TITLE } from '../demo/study.ts';
import { compareEvaluations } from '../evaluation/compare-evaluations.ts';
import type { EvaluationComparison } from '../evaluation/evaluation-comparison.ts';
import { saveEvaluation } from '../evaluation/evaluation-file.ts';
import { trlDpo } from '../preferences/formats/trl-dpo.ts';
import { trlSft } from '../preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../preferences/preference-exporter.ts';
import { writeReport } from '../report/render-report.ts';
import { checkWritable } from './check-writable.ts';

/** What the demo played, and where it is. */
export interface DemoResult extends PlayedStudy {
  /** Absolute. */
  readonly dir: string;
  /** The HTML report, absolute. */
  readonly report: string;
  readonly comparison: EvaluationComparison;
  /** Number of answers in the recording, and when they were recorded. */
  readonly recorded: { readonly answers: number; readonly date: string };
}

/**
 * The work of `aloe demo`: plays the recorded study and writes all that a study of one's own would.
 *
 * @throws InvalidOptionError if the directory cannot be written to.
 */
export async function demo(out: string, signal: AbortSignal): Promise<DemoResult> {
  const dir = resolve(out);
  const report = join(dir, 'report.html');
  await checkWritable('out', report);
  const study = await replayStudy(signal);
  const { pool, trees, evaluations, seed } = study;
  const [bare, adapted] = evaluations;
  await Promise.all([
    pool.save(join(dir, 'personas.json')),
    saveConversations(trees, join(dir, 'conversations.jsonl')),
    new PreferenceExporter({ formats: [trlSft(), trlDpo()], seed }).write(trees, join(dir, 'data'), {
      signal,
    }),
    saveEvaluation(bare, join(dir, 'evaluation-bare.json')),
    saveEvaluation(adapted, join(dir, 'evaluation-adaptive.json')),
    writeReport({ evaluations, conversations: trees, title: DEMO_TITLE }, report),
  ]);
  return { ...study, dir, report, comparison: compareEvaluations(bare, adapted) };
}
