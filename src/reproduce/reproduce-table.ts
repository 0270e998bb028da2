import { join } from 'node:path';
import { type ConversationTree, decisionPoints } from '../conversations/conversation-tree.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { evaluate, type SavedEvaluation } from '../pipeline/evaluate.ts';
import { growPersonas, pickPersonas } from '../pipeline/grow-personas.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { PipelineStep } from '../pipeline/run-pipeline.ts';
import { simulate } from '../pipeline/simulate.ts';
import { openGeneralChat } from '../preferences/general-chat.ts';
import type { ResultRow } from '../report/tables/result-row.ts';
import type { TrainingMetric } from '../training/training-backend.ts';
import { measureRow, type RowAbilities } from './abilities.ts';
import type { OpenedBase } from './base-model.ts';
import { describeReproduction } from './describe-reproduction.ts';
import { type PaperRow, trainingsOf } from './paper-tables.ts';
import { openReproduction, type ReproduceOptions, type Reproduction } from './reproduction.ts';
import { rowCandidate, withCandidates } from './rows.ts';
import { type DoneTraining, planTraining, train } from './train.ts';
import { exportTrainingFiles } from './training-files.ts';

/** What a stage of a reproduction has produced. `path` is where it was saved. */
export type ReproductionStep =
  | Extract<PipelineStep, { readonly stage: 'personas' | 'conversation' | 'export' }>
  | {
      readonly stage: 'training';
      /** `Qwen2-7B-Instruct, rejected` */
      readonly name: string;
      readonly metrics: readonly TrainingMetric[];
    }
  | {
      readonly stage: 'evaluation';
      readonly row: ResultRow;
      readonly path: string;
      /** What the row's model can do beside alignment. Null if that was not asked for. */
      readonly abilities: RowAbilities | null;
    }
  | {
      readonly stage: 'table';
      /** The table with its sizes and intervals, in Markdown. */
      readonly text: string;
      readonly rows: readonly ResultRow[];
      readonly path: string;
      /** The report. */
      readonly report: string;
    };

/** Conversations that the report shows. It embeds them. */
const MAX_SHOWN_CONVERSATIONS = 50;

/**
 * Reproduces a table of the paper: personas, conversations, training files, every training of the table, an evaluation of each
 * row, and the table. Yields what each stage produced as soon as it is saved. Stop it at any time, also with a kill, and run it
 * again: calls that were answered are not made again, and what was trained is not trained again.
 *
 * The sizes are those of the pipeline's config: see {@link paperConfig}.
 *
 * @example
 * ```ts
 * import { openPipeline } from 'aloe-align/pipeline';
 * import { paperConfig, REPRODUCED_PARTS, reproduceTable } from 'aloe-align/reproduce';
 * import { local } from 'aloe-align/training/local';
 *
 * const config = paperConfig({ run: 'runs/table1', models: { default: 'openai:gpt-4o' } });
 * const pipeline = await openPipeline(config, { parts: REPRODUCED_PARTS });
 * try {
 *   const options = { table: 'table1', bases: [{ model: 'Qwen/Qwen2-7B-Instruct' }], backend: local() } as const;
 *   for await (const step of reproduceTable(pipeline, options)) {
 *     if (step.stage === 'table') console.log(step.text);
 *   }
 * } finally {
 *   await pipeline.close();
 * }
 * ```
 *
 * @throws InvalidOptionError for an option that is unknown or wrong; TrainingError if a training or a server fails.
 */
export async function* reproduceTable(
  pipeline: Pipeline,
  options: ReproduceOptions,
): AsyncGenerator<ReproductionStep, void, undefined> {
  const reproduction = await openReproduction(pipeline, options);
  const { files, config, signal } = pipeline;
  // Conversations are paid for. The file that they are mixed with must not be found missing after that.
  if (options.generalChat !== undefined) {
    await (await openGeneralChat(options.generalChat, { seed: 0, signal })).close();
  }
  const pool = await growPersonas(pipeline);
  const personas = pickPersonas(pipeline, pool);
  yield { stage: 'personas', pool, personas, path: config.personas?.pool ?? files.personas };

  const shown: ConversationTree[] = [];
  let turns = 0;
  for await (const tree of simulate(pipeline, personas)) {
    if (shown.length < MAX_SHOWN_CONVERSATIONS) shown.push(tree);
    for (const { path } of decisionPoints(tree)) turns = Math.max(turns, path.length + 1);
    yield { stage: 'conversation', tree, path: files.conversations };
  }
  const manifest = await exportTrainingFiles(reproduction);
  yield { stage: 'export', manifest, path: files.data };

  const rows: ResultRow[] = [];
  const trained: DoneTraining[] = [];
  const able: RowAbilities[] = [];
  for (const base of reproduction.bases) {
    const own: DoneTraining[] = [];
    for (const training of trainingsOf(reproduction.plan)) {
      const done = await train(reproduction, await planTraining(reproduction, base, training));
      own.push(done);
      yield { stage: 'training', name: done.name, metrics: done.metrics };
    }
    trained.push(...own);
    for (const row of reproduction.plan.rows) {
      const { result, path, abilities } = await evaluateRow(reproduction, base, row, own);
      rows.push({ model: base.name, type: row.type, result });
      if (abilities !== null) able.push(abilities);
      yield { stage: 'evaluation', row: rows.at(-1)!, path, abilities };
    }
  }
  const text = describeReproduction(reproduction, rows, { pool, turns, manifest, abilities: able });
  const path = join(files.dir, `${options.table}.md`);
  await writeFileAtomic(path, text);
  // Its charts load more code than all the rest.
  const { writeReport } = await import('../report/render-report.ts');
  const { title } = reproduction.plan;
  const report = join(files.dir, `${options.table}.html`);
  const training = trained.map(({ name, metrics }) => ({ name, metrics }));
  await writeReport(
    {
      title: `${title}, reproduced`,
      byModel: rows,
      abilities: able.map(({ result }) => result),
      conversations: shown,
      data: { manifest },
      training,
    },
    report,
  );
  yield { stage: 'table', text, rows, path, report };
}

interface EvaluatedRow extends SavedEvaluation {
  readonly abilities: RowAbilities | null;
}

async function evaluateRow(
  reproduction: Reproduction,
  base: OpenedBase,
  row: PaperRow,
  trained: readonly DoneTraining[],
): Promise<EvaluatedRow> {
  const { trained: wanted } = row;
  const done = trained.find(({ training }) => training === wanted?.training);
  const directory = async () => (wanted === null ? null : done!.directory(wanted.stage));
  const { candidate, model } = rowCandidate(base, row, done, directory);
  try {
    const [saved] = await Array.fromAsync(evaluate(withCandidates(reproduction.pipeline, [candidate])));
    const abilities = await measureRow(reproduction, base.name, candidate, saved!.path);
    return { ...saved!, abilities };
  } finally {
    await model.close();
  }
}
