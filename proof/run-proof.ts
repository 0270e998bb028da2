import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  compareEvaluations,
  type EvaluationComparison,
  type EvaluationEvent,
  type EvaluationResult,
  readConversations,
  resultsTable,
} from '../src/index.ts';
import { decimals } from '../src/internal/format.ts';
import type { PairedEstimate } from '../src/metrics/index.ts';
import { pullWeights } from '../src/models/embedded.ts';
import { writeReport } from '../src/report/index.ts';
import { setupPython } from '../src/training/folder/setup-python.ts';
import { buildCorpus } from './corpus.ts';
import { measureCueReaders } from './cue-readers.ts';
import { measure } from './measure.ts';
import { evaluationCases, trainingPeople } from './people.ts';
import { runProgram } from './program.ts';
import { packModel, prepareBase, train } from './train.ts';

// The whole method on a real model: conversations, SFT, DPO, and an evaluation of the tuned models against their base on
// other scripted people. Run it with `npm run proof`, again to resume. See docs/proof.md.

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'runs/proof' },
    people: { type: 'string', default: '240' },
    cases: { type: 'string', default: '100' },
    turns: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    /** Another model of the Llama family. Default: SmolLM2-135M-Instruct. */
    gguf: { type: 'string' },
    gpus: { type: 'string', default: '0' },
  },
});
const out = values.out;
const turns = Number(values.turns);
const gpus = Number(values.gpus);

async function pullSmallModel(signal: AbortSignal): Promise<string> {
  return (await pullWeights({ sets: ['smollm2-135m-instruct'], signal }))['smollm2-135m-instruct'];
}

/** The paper's comparisons: each stage with the one before, and preferred with rejected. */
function compare([bare, rejected, sft, dpo]: readonly EvaluationResult[]): EvaluationComparison[] {
  const pairs = [
    [bare, sft],
    [sft, dpo],
    [bare, dpo],
    [rejected, sft],
  ] as const;
  return pairs.map(([first, second]) => compareEvaluations(first!, second!));
}

function describe(comparison: EvaluationComparison): string {
  const { first, second, improvementRate } = comparison;
  const of = (estimate: PairedEstimate) =>
    `${decimals(estimate.difference, 3)} [${decimals(estimate.interval?.low, 3)}, ${decimals(estimate.interval?.high, 3)}], p ${decimals(estimate.pValue, 4)}`;
  return `${second} - ${first}: average ${of(comparison)}; IR ${of(improvementRate)}`;
}

await runProgram(values, async ({ run, seed, say, signal }) => {
  say('Weights and Python');
  const weights = values.gguf ?? (await pullSmallModel(signal));
  const python = await setupPython({
    signal,
    onEvent: (event) => event.type === 'setup-step' && say(event.command),
  });
  const workshop = { python, weights, base: join(out, 'base'), gpus, folder: out, say, signal };
  await prepareBase(workshop);

  say('Conversations: scripted people, a scripted teacher');
  const data = join(out, 'data');
  const people = trainingPeople(Number(values.people), seed);
  const manifest = await buildCorpus({ run, people, turns: 2, folder: data, signal });
  for (const { name, rows } of manifest.files) say(`  ${name}: ${rows} rows`);

  const cases = evaluationCases(Number(values.cases), seed);
  const sayCase = (event: EvaluationEvent): void => {
    if (event.type === 'case-end')
      say(`  ${event.candidate}: ${event.caseId}${event.failure ? ` failed: ${event.failure.message}` : ''}`);
  };
  const setting = { run, cases, turns, gpus, folder: out, onEvent: sayCase, signal };
  const file = (format: string) => join(data, `${format}.train.jsonl`);

  say('The base model');
  const bare = await measure('Base', await packModel(workshop.base, workshop), setting);
  say('SFT, then DPO');
  const tuned = await train('preferred', { sft: file('trl-sft'), dpo: file('trl-dpo') }, workshop);
  const sft = await measure('SFT on preferred', tuned.models[0]!, setting);
  const dpo = await measure('SFT + DPO', tuned.models[1]!, setting);
  say('SFT on the rejected responses');
  const rejected = await train('rejected', { sft: file('trl-sft-rejected') }, workshop);
  const onRejected = await measure('SFT on rejected', rejected.models[0]!, setting);

  say('Without a model');
  const readers = await measureCueReaders(setting, signal);
  const tunedAndBase = [bare, onRejected, sft, dpo];
  const evaluations = [...tunedAndBase, ...readers];
  const comparisons = compare(tunedAndBase);
  await writeReport(
    {
      title: `Proof: ${basename(weights, '.gguf')} before and after training`,
      evaluations,
      comparisons,
      conversations: await Array.fromAsync(readConversations(join(data, 'conversations.jsonl'))),
      training: [
        { name: 'SFT, then DPO', metrics: tuned.metrics },
        { name: 'SFT on rejected', metrics: rejected.metrics },
      ],
    },
    join(out, 'report.html'),
  );
  console.log(`\n${resultsTable(evaluations)}`);
  for (const comparison of comparisons) console.log(describe(comparison));
  say(`Report: ${join(out, 'report.html')}`);
});
