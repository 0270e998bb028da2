/**
 * Judges an evaluation again through OpenAI's batch API, at half the price: all verdicts are one batch, which may take up to
 * 24 hours. Stop it at any time and run it again: it takes up the batch that it has submitted.
 *
 *   npx tsx examples/batches.ts runs/evaluate/bare.json
 *
 * The judge is MODEL (default gpt-4o-mini) at OpenAI, or at OPENAI_BASE_URL if the server there has a batch API.
 */
import { openRun, type RunEvent, readEvaluation, rejudge, resultsTable } from 'aloe-align';
import { batched } from 'aloe-align/models/batch';
import { openai } from 'aloe-align/models/openai';

const [file] = process.argv.slice(2);
if (file === undefined || !process.env.OPENAI_API_KEY) {
  console.error('Set OPENAI_API_KEY, and name the file of an evaluation: examples/evaluate.ts makes some.');
  process.exit(1);
}

function tell(event: RunEvent): void {
  if (event.type === 'batch-submitted') console.log(`${event.rows} verdicts are asked for in ${event.batch}`);
  if (event.type === 'batch-progress') console.log(`${event.answered} of ${event.rows} are there`);
  if (event.type === 'batch-left') console.log(`${event.batch} runs on; run this again to read it`);
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('stopped')));

const model = openai(process.env.MODEL ?? 'gpt-4o-mini', { revision: process.env.MODEL_REVISION });
const run = await openRun('runs/batches', { seed: 7, onEvent: tell });
const before = await readEvaluation(file);
try {
  const after = await rejudge(before, batched(model), { run, otherPersona: false, signal: stop.signal });
  console.log(resultsTable([before, after]));
} finally {
  await run.close();
}
