/**
 * The whole pipeline on a small scale: personas, conversations, training files, evaluation.
 *
 *   OPENAI_API_KEY=... npx tsx examples/whole-road.ts
 *
 * OPENAI_BASE_URL and MODEL select any compatible server and model. The embedder, MiniLM, runs on this machine.
 * Run it again to resume; finished calls are not paid for twice.
 */
import {
  AloeEvaluator,
  aloeCases,
  ConversationTreeBuilder,
  openRun,
  oracle,
  PersonaPool,
  PreferenceExporter,
  resultsTable,
  teeConversations,
  trlDpo,
  trlSft,
} from 'aloe-align';
import { transformersEmbedder } from 'aloe-align/embeddings/transformers';
import { openai } from 'aloe-align/models/openai';

if (!process.env.OPENAI_API_KEY) {
  console.error('Set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own (any key will do there).');
  process.exit(1);
}

const dir = 'runs/whole-road';
const model = openai(process.env.MODEL ?? 'gpt-4o-mini', { revision: process.env.MODEL_REVISION });
const run = await openRun(dir, { seed: 7 });

// The paper has 330 profiles, 71 personalities and 10 personalities per profile.
const pool = await PersonaPool.grow({
  run,
  model,
  embedder: transformersEmbedder(),
  profiles: 24,
  personalities: 14,
  entriesPerCall: 4,
});
await pool.save(`${dir}/personas.json`);
console.log(`${pool.size.profiles} profiles, ${pool.size.personalities} personalities`);

const builder = new ConversationTreeBuilder({ run, roles: model, turns: 4, order: 'input' });
const personas = pool.personas({ personalitiesPerProfile: 1 }).slice(0, 6);
const trees = teeConversations(builder.build(personas), `${dir}/conversations.jsonl`);

const exporter = new PreferenceExporter({ formats: [trlSft(), trlDpo()], validationShare: 0.2, seed: 7 });
const { files } = await exporter.write(trees, `${dir}/data`);
for (const { name, rows } of files) console.log(`${dir}/data/${name}: ${rows} rows`);

const cases = aloeCases().slice(0, 4);
const evaluator = new AloeEvaluator({ run, user: model, judge: model, cases, turns: 4 });
const bare = await evaluator.evaluate(model);
const told = await evaluator.evaluate(oracle(model));
console.log(`\n${resultsTable([bare, told])}`);

const { calls, replayed } = run.stats();
console.log(`\n${calls} model calls (${replayed} from cache)`);
await run.close();
