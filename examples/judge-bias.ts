/**
 * Measures how far one can trust a judge, on conversations that were played before: does it give longer responses more,
 * does it notice the persona, does it give the same score twice?
 *
 *   npx tsx examples/judge-bias.ts runs/evaluate/bare.json runs/evaluate/told.json
 *
 * The judge, which also puts responses in other words, is MODEL at OPENAI_BASE_URL if OPENAI_API_KEY is set, and else the
 * embedded model, which is too small to judge. Run it again to resume; finished calls are not paid for twice.
 */
import {
  describeEstimate,
  describeJudgeBias,
  estimateRun,
  holisticJudge,
  judgeBias,
  openRun,
  readEvaluation,
} from 'aloe-align';
import { embeddedModel } from 'aloe-align/models/embedded';
import { openai } from 'aloe-align/models/openai';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('Name the files of evaluations of the same cases: examples/evaluate.ts makes some.');
  process.exit(1);
}

const model = process.env.OPENAI_API_KEY
  ? openai(process.env.MODEL ?? 'gpt-4o-mini', { revision: process.env.MODEL_REVISION })
  : embeddedModel();
const run = await openRun('runs/judge-bias', { seed: 7 });
const results = await Promise.all(files.map(readEvaluation));
const judge = holisticJudge(model);
const options = { run, reword: model, sample: 12 };

console.log(describeEstimate(await estimateRun({ judgeBias: { ...options, results, judge } })));
const bias = await judgeBias(results, judge, {
  ...options,
  onEvent: ({ done, total }) => console.log(`${done} of ${total} responses`),
});
await run.close();
console.log(`\n${describeJudgeBias(bias)}`);
