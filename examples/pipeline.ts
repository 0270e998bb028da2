/**
 * The whole method from one config, as `aloe run` does it: personas, conversations, training files, evaluation, report.
 *
 *   OPENAI_API_KEY=... npx tsx examples/pipeline.ts
 *
 * OPENAI_BASE_URL and MODEL select any compatible server and model. Run it again to resume; finished calls are not paid for
 * twice.
 */
import { describeEstimate, resultsTable } from 'aloe-align';
import { defineConfig } from 'aloe-align/config';
import { estimatePipeline, openPipeline, runPipeline } from 'aloe-align/pipeline';

const config = defineConfig({
  run: 'runs/pipeline',
  seed: 7,
  models: {
    default: { model: process.env.MODEL ?? 'gpt-4o-mini', revision: process.env.MODEL_REVISION },
    embedder: 'lexical',
  },
  budget: { tokens: 1_000_000 },
  // Twenty profiles come with the library: this grows two more.
  personas: { profiles: 22, personalities: 13, personalitiesPerProfile: 1, entriesPerCall: 2 },
  conversations: { personas: 2, turns: 3 },
  export: { formats: ['trl-sft', 'trl-dpo'], validationShare: 0 },
  evaluation: { candidates: ['bare', 'adaptive'], cases: 2, turns: 2 },
});

const pipeline = await openPipeline(config);
try {
  console.log(describeEstimate(await estimatePipeline(pipeline)));
  const evaluations = [];
  let conversations = 0;
  for await (const step of runPipeline(pipeline)) {
    if (step.stage === 'personas') console.log(`${step.pool.size.profiles} profiles: ${step.path}`);
    if (step.stage === 'conversation') {
      conversations += 1;
      console.log(`conversation ${conversations} of 2: ${step.path}`);
    }
    if (step.stage === 'export') {
      for (const { name, rows } of step.manifest.files) console.log(`${name}: ${rows} rows`);
    }
    if (step.stage === 'evaluation') evaluations.push(step.result);
    if (step.stage === 'report') console.log(`Open ${step.path} in a browser.`);
  }
  console.log(resultsTable(evaluations));
} finally {
  await pipeline.close();
}
