/**
 * What a small real model gains from knowing the user, and whether the gain is personal: oracle, bare and wrongPersona on
 * the same cases, scored by `ruleJudge`.
 *
 *   node bench/baselines.ts [--shown] [--opposite] [--costs] [--model file.gguf] [--cases 12] [--turns 2] [--seed 7] [--dir runs/baselines]
 *
 * Without --model, the embedded SmolLM2-135M responds. --shown gives the persona as three examples instead of words, which
 * a model this small can follow. --opposite makes the wrong persona, and the other of own minus other, one with opposite
 * preferences instead of any other. --costs asks probes as well, and prints what knowing the user costs. The users are
 * scripted (each message states the fact that the role-player is asked for): they are free, and only the candidate's use
 * of the persona is measured.
 */
import { parseArgs } from 'node:util';
import { costsTable } from '../src/evaluation/costs/costs-table.ts';
import {
  AloeEvaluator,
  aloeCases,
  compareEvaluations,
  openRun,
  oracle,
  resultsTable,
  saveEvaluation,
  wrongPersona,
} from '../src/index.ts';
import type { Interval } from '../src/metrics/index.ts';
import { embeddedModel } from '../src/models/embedded.ts';
import { llamaCpp } from '../src/models/llama-cpp.ts';
import { oraclePrompt, steeredRolePlayerPrompt } from '../src/prompts.ts';
import { ruleCases, ruleJudge } from '../src/rules.ts';
import { scriptedModel } from '../src/testing/scripted-model.ts';
import { shownPreferencesPrompt } from './shown-preferences.ts';

const { values } = parseArgs({
  options: {
    shown: { type: 'boolean' },
    opposite: { type: 'boolean' },
    costs: { type: 'boolean' },
    model: { type: 'string' },
    cases: { type: 'string', default: '12' },
    turns: { type: 'string', default: '2' },
    seed: { type: 'string', default: '7' },
    threads: { type: 'string', default: '1' },
    dir: { type: 'string', default: 'runs/baselines' },
  },
});
const settings = { threads: Number(values.threads), cachedPrompts: 2 };
const model =
  values.model === undefined ? embeddedModel(settings) : llamaCpp({ ...settings, modelPath: values.model });
const user = scriptedModel(
  ({ messages }) => {
    const fact = /Write about this: ([^\n.]+)\./.exec(messages.at(-1)!.content)?.[1];
    return `They say of me: "${fact}". What do you say?`;
  },
  { id: 'scripted:tells-its-facts' },
);

const draw = values.opposite ? 'opposite' : 'any';
const run = await openRun(values.dir, { seed: Number(values.seed) });
const cases = ruleCases(aloeCases().slice(0, Number(values.cases)));
const evaluator = new AloeEvaluator({
  run,
  user,
  judge: ruleJudge(),
  inducer: 'words',
  otherPersona: draw,
  costs: values.costs && { probesPerCase: 2 },
  cases,
  turns: Number(values.turns),
  prompts: { user: steeredRolePlayerPrompt },
  responses: { temperature: 0.3, maxOutputTokens: 120 },
  onEvent(event) {
    if (event.type === 'case-end') process.stderr.write(`${event.candidate}: ${event.caseId}\n`);
  },
});

const prompt = values.shown ? shownPreferencesPrompt : oraclePrompt;
const candidates = [
  oracle(model, { name: 'oracle', prompt }),
  { name: 'bare', model },
  wrongPersona(model, { name: 'wrongPersona', prompt, cases, draw }),
];
const results = [];
for (const candidate of candidates) {
  const result = await evaluator.evaluate(candidate);
  await saveEvaluation(result, `${values.dir}/${candidate.name}.json`);
  results.push(result);
}
await run.close();
await model.dispose();

const points = (value: number | null) => (value === null ? '-' : value.toFixed(2));
const range = (interval: Interval | null) =>
  interval === null ? '' : ` (${points(interval.low)} to ${points(interval.high)})`;
console.log(resultsTable(results));
console.log(costsTable(results));
const [told, bare, wrong] = results as [(typeof results)[0], (typeof results)[0], (typeof results)[0]];
for (const [worse, better] of [
  [bare, told],
  [wrong, bare],
  [wrong, told],
] as const) {
  const { first, second, difference, interval, pValue } = compareEvaluations(worse, better);
  console.log(
    `${second} above ${first} by ${points(difference)}${range(interval)}, p = ${pValue?.toFixed(4) ?? '-'}`,
  );
}
