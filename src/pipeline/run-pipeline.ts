import type { ConversationTree } from '../conversations/conversation-tree.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import type { Persona } from '../personas/persona.ts';
import type { PersonaPool } from '../personas/persona-pool.ts';
import type { PreferenceManifest } from '../preferences/manifest.ts';
import { readDroppedRecords } from '../preferences/read-dropped.ts';
import { evaluate } from './evaluate.ts';
import { growPersonas, pickPersonas } from './grow-personas.ts';
import type { Pipeline } from './pipeline.ts';
import { exportPreferences, simulate } from './simulate.ts';

/** What a stage of a pipeline has produced. `path` is where it was saved. */
export type PipelineStep =
  | {
      readonly stage: 'personas';
      readonly pool: PersonaPool;
      /** One for each conversation to come. */
      readonly personas: readonly Persona[];
      readonly path: string;
    }
  | { readonly stage: 'conversation'; readonly tree: ConversationTree; readonly path: string }
  | { readonly stage: 'export'; readonly manifest: PreferenceManifest; readonly path: string }
  | { readonly stage: 'evaluation'; readonly result: EvaluationResult; readonly path: string }
  | { readonly stage: 'report'; readonly path: string };

/** Records of each reason that a report shows. */
const SHOWN_DROPS = 3;
/** Conversations that a report shows. It embeds them, and a page of a whole corpus would not open. */
const MAX_SHOWN_CONVERSATIONS = 200;

/**
 * Runs the method as a config describes it: personas, conversations, training files, evaluation, report. Yields what each
 * stage produced as soon as it is saved. Stop it at any time and run it again: finished calls are not paid for twice.
 *
 * @example
 * ```ts
 * import { readConfig } from 'aloe-align/config';
 * import { openPipeline, runPipeline } from 'aloe-align/pipeline';
 *
 * const pipeline = await openPipeline(await readConfig('aloe.config.yaml'));
 * try {
 *   for await (const step of runPipeline(pipeline)) console.log(step.stage, step.path);
 * } finally {
 *   await pipeline.close();
 * }
 * ```
 */
export async function* runPipeline(pipeline: Pipeline): AsyncGenerator<PipelineStep, void, undefined> {
  const { files, config } = pipeline;
  const pool = await growPersonas(pipeline);
  const personas = pickPersonas(pipeline, pool);
  yield { stage: 'personas', pool, personas, path: config.personas?.pool ?? files.personas };

  const shown: ConversationTree[] = [];
  for await (const tree of simulate(pipeline, personas)) {
    if (shown.length < MAX_SHOWN_CONVERSATIONS) shown.push(tree);
    yield { stage: 'conversation', tree, path: files.conversations };
  }
  const manifest = await exportPreferences(pipeline);
  yield { stage: 'export', manifest, path: files.data };

  const evaluations: EvaluationResult[] = [];
  for await (const { result, path } of evaluate(pipeline)) {
    evaluations.push(result);
    yield { stage: 'evaluation', result, path };
  }
  // Its charts load more code than all the rest.
  const { writeReport } = await import('../report/render-report.ts');
  const dropped = await readDroppedRecords(files.data, { rows: SHOWN_DROPS });
  await writeReport({ evaluations, conversations: shown, data: { manifest, dropped } }, files.report);
  yield { stage: 'report', path: files.report };
}
