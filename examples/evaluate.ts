/**
 * Evaluates a model on a few benchmark cases, with and without knowing the persona, and compares the two.
 *
 *   OPENAI_API_KEY=... npx tsx examples/evaluate.ts [cases] [turns]
 *
 * OPENAI_BASE_URL and MODEL select any compatible server and model. Run it again to resume; finished
 * calls are not paid for twice.
 */
import {
  AloeEvaluator,
  aloeCases,
  compareEvaluations,
  openRun,
  oracle,
  resultsTable,
  saveEvaluation,
} from 'aloe-align';
import { openai } from 'aloe-align/models/openai';

if (!process.env.OPENAI_API_KEY) {
  console.error('Set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own (any key will do there).');
  process.exit(1);
}

const [caseCount = 5, turns = 10] = process.argv.slice(2).map(Number);
const model = openai(process.env.MODEL ?? 'gpt-4o-mini', { revision: process.env.MODEL_REVISION });
const run = await openRun('runs/evaluate', { seed: 7 });

const evaluator = new AloeEvaluator({
  run,
  user: model,
  judge: model,
  cases: aloeCases().slice(0, caseCount),
  turns,
  responses: { maxOutputTokens: 300 },
  onEvent(event) {
    if (event.type === 'turn-end') {
      console.log(`${event.candidate}, ${event.caseId}, turn ${event.turn}: ${event.score ?? event.status}`);
    }
  },
});

const bare = await evaluator.evaluate(model);
const told = await evaluator.evaluate(oracle(model));
await saveEvaluation(bare, 'runs/evaluate/bare.json');
await saveEvaluation(told, 'runs/evaluate/told.json');
await run.close();

console.log(`\n${resultsTable([bare, told])}`);
const { difference, interval, pValue, better, equal, worse } = compareEvaluations(bare, told);
console.log(
  `Told the persona: ${difference?.toFixed(2) ?? 'no'} points more (${better} cases better, ${equal} equal, ${worse} worse)`,
);
// With fewer than five cases there is no confidence interval, and with fewer than six no p-value.
if (interval !== null && pValue !== null) {
  const ends = `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`;
  console.log(`95 % CI: ${ends}; p = ${pValue.toFixed(3)}`);
}
