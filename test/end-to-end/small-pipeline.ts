import { join } from 'node:path';
import {
  AloeEvaluator,
  aloeCases,
  ConversationTreeBuilder,
  openRun,
  PersonaPool,
  PreferenceExporter,
  parquet,
  readConversations,
  readEvaluation,
  saveConversations,
  saveEvaluation,
  trlDpo,
  trlSft,
} from '../../src/index.ts';
import { writeReport } from '../../src/report/index.ts';
import { fakeEmbedder, scriptedModel } from '../../src/testing/index.ts';
import { validateDataset } from '../../src/validation/index.ts';
import { teach } from '../cli/teacher-server.ts';

/**
 * The whole pipeline with a scripted model, on a small scale. Leaves `run/`, `personas.json`, `conversations.jsonl`,
 * `data/`, `evaluation.json` and `report.html` in the directory.
 *
 * @returns how many calls the model received: none if the run directory had been used before.
 */
export async function runSmallPipeline(dir: string): Promise<number> {
  const teacher = scriptedModel(({ messages, seed, outputSchema }) =>
    teach({ messages: [...messages], seed, response_format: outputSchema && { json_schema: outputSchema } }),
  );
  const run = await openRun(join(dir, 'run'), { seed: 7 });
  const pool = await PersonaPool.grow({
    run,
    model: teacher,
    embedder: fakeEmbedder(),
    profiles: 22,
    personalities: 22,
  });
  await pool.save(join(dir, 'personas.json'));
  const personas = pool.personas({ personalitiesPerProfile: 1 }).slice(0, 2);
  const builder = new ConversationTreeBuilder({ run, roles: teacher, turns: 2 });
  await saveConversations(builder.build(personas), join(dir, 'conversations.jsonl'));

  const formats = [trlSft(), trlDpo(), parquet(trlDpo())];
  const trees = readConversations(join(dir, 'conversations.jsonl'));
  const { files } = await new PreferenceExporter({ formats }).write(trees, join(dir, 'data'));
  for (const { name } of files) await validateDataset(join(dir, 'data', name));

  const cases = aloeCases().slice(0, 2);
  const evaluator = new AloeEvaluator({ run, user: teacher, judge: teacher, cases, turns: 2 });
  await saveEvaluation(await evaluator.evaluate(teacher), join(dir, 'evaluation.json'));
  const evaluations = [await readEvaluation(join(dir, 'evaluation.json'))];
  await writeReport({ evaluations }, join(dir, 'report.html'));
  await run.close();
  return teacher.calls.length;
}
