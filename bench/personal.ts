/**
 * Is a strong model personal? The same model bare, with `adaptive` (it infers preferences as it goes) and as `oracle` (told
 * the persona), on the same users: average level, and own minus other.
 *
 *   node bench/personal.ts --model NAME --base-url URL [--user-base-url URL] [--judge-base-url URL] [--adaptive-base-url URL]
 *     [--oracle-base-url URL] [--cases 30] [--turns 2] [--seed 7] [--dir runs/personal]
 *
 * All seats are the same model. Each may have an address of its own, so that no seat sees what another is told. Run it again
 * to resume.
 */
import { parseArgs } from 'node:util';
import { adaptive } from '../src/adaptive/index.ts';
import {
  AloeEvaluator,
  aloeCases,
  type Candidate,
  compareEvaluations,
  openRun,
  oracle,
  resultsTable,
  saveEvaluation,
} from '../src/index.ts';
import { servedModel, servedOptions } from './served-model.ts';

const { values } = parseArgs({
  options: {
    ...servedOptions,
    'adaptive-base-url': { type: 'string' },
    'oracle-base-url': { type: 'string' },
    cases: { type: 'string', default: '30' },
    turns: { type: 'string', default: '2' },
    seed: { type: 'string', default: '7' },
    dir: { type: 'string', default: 'runs/personal' },
  },
});
const at = (url: string | undefined) => servedModel(values, url);

const cases = aloeCases().slice(0, Number(values.cases));
const run = await openRun(values.dir, { seed: Number(values.seed), concurrency: 4 * cases.length });
const evaluator = new AloeEvaluator({
  run,
  user: at(values['user-base-url']),
  judge: at(values['judge-base-url']),
  cases,
  turns: Number(values.turns),
  onEvent(event) {
    if (event.type === 'turn-end') {
      process.stderr.write(`${event.candidate} ${event.caseId} ${event.turn}: ${event.score}\n`);
    }
  },
});
const candidates: Candidate[] = [
  { name: 'bare', model: at(undefined) },
  { name: 'adaptive', model: adaptive(at(values['adaptive-base-url'])) },
  oracle(at(values['oracle-base-url']), { name: 'oracle' }),
];
const results = await Promise.all(candidates.map((candidate) => evaluator.evaluate(candidate)));
for (const result of results) await saveEvaluation(result, `${values.dir}/${result.candidate.name}.json`);
await run.close();

console.log(resultsTable(results));
for (const result of results.slice(1)) {
  const { first, second, difference, interval, pValue } = compareEvaluations(results[0]!, result);
  console.log(
    `${second} above ${first} by ${difference?.toFixed(2)} [${interval?.low.toFixed(2)}, ${interval?.high.toFixed(2)}], p = ${pValue?.toFixed(4)}`,
  );
}
