import { join } from 'node:path';
import { ruleCases } from '../../benchmark/rule-cases.ts';
import { estimateRun } from '../../estimate/estimate-run.ts';
import type { EvaluationEvent } from '../../evaluation/evaluation-events.ts';
import { saveEvaluation } from '../../evaluation/evaluation-file.ts';
import { evaluatorScalars } from '../../evaluation/evaluator-options.ts';
import { sample, seededRandom } from '../../internal/random.ts';
import { evaluatorOptions } from '../../pipeline/evaluate.ts';
import { filesDir } from '../../pipeline/files-dir.ts';
import { pipelineFiles } from '../../pipeline/pipeline-files.ts';
import type { CheckpointChoice } from '../../training/choose/checkpoint-choice.ts';
import { type ChooseEvent, chooseCheckpoint } from '../../training/choose/choose-checkpoint.ts';
import { describeChoice } from '../../training/choose/describe-choice.ts';
import { validationCases } from '../../training/choose/validation-cases.ts';
import { servingLines } from '../../training/serving/serving-lines.ts';
import { checkWritable } from '../check-writable.ts';
import { withoutCases } from '../evaluate-report.ts';
import { liveArgs } from '../live-page.ts';
import { readNumber } from '../read-number.ts';
import { configFlags } from '../study/config-flags.ts';
import { readStudyConfig, studyArgs } from '../study/study.ts';
import { withConfig } from '../study/with-config.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { openJob, submittedArgs } from './open-job.ts';
import { plannedCheckpoints } from './planned-checkpoints.ts';
import { readServeCommand } from './read-serve-command.ts';

const flags = configFlags(['evaluation']);

export const chooseCommand: Verb = defineVerb({
  args: {
    ...submittedArgs,
    ...flags.args,
    cases: {
      type: 'string',
      valueHint: 'N',
      description: 'How many of the validation people to choose on, drawn at random (default: all).',
    },
    stage: { type: 'string', description: "Stage to choose in (default: the job's last)." },
    patience: {
      type: 'string',
      valueHint: 'N',
      description:
        'Stop after N checkpoints without a higher level, and cancel a job in progress (default: measure all).',
    },
    python: {
      type: 'string',
      description: 'A Python with TRL, to merge and serve (default: the environment of `aloe train setup`).',
    },
    serve: {
      type: 'string',
      valueHint: 'COMMAND',
      description:
        'Server to use, with {model} and {port} in it: "vllm serve {model} --port {port}" (default: transformers serve).',
    },
    out: {
      type: 'string',
      valueHint: 'DIR',
      description: 'Directory for the complete weights of the chosen checkpoint. It must not exist.',
    },
    ...studyArgs,
    ...liveArgs,
  },
  examples: [
    {
      words: 'train choose --judge rules --out chosen',
      what: 'The checkpoint of the newest job that the validation people of the run are best served by, judged by rules.',
    },
    {
      words: 'train choose --patience 3',
      what: 'While the job trains: its checkpoints are measured as they appear, and it is cancelled once alignment no longer improves.',
    },
  ],
  failed: 'Failed. What was measured is kept.',
  interrupted: 'Run the same command again to resume. The job keeps running.',
  async run({ args: given, signal, resumeWith }) {
    const args = given as Readonly<Record<string, string | undefined>>;
    const { config } = await readStudyConfig(flags, { ...given, cases: undefined });
    const { backend, handle, job } = await openJob(args);
    if (args.out !== undefined) await checkWritable('out', join(args.out, 'weights'));
    const patience =
      args.patience === undefined
        ? undefined
        : readNumber('patience', args.patience, { min: 1, whole: true });
    const { data } = pipelineFiles(filesDir(config));
    const people = await validationCases(data);
    const count =
      args.cases === undefined
        ? people.length
        : readNumber('cases', args.cases, { min: 1, max: people.length, whole: true });
    const planned = await plannedCheckpoints(handle, job, { stage: args.stage, backend, signal });
    const repeats = evaluatorScalars.repeats(config.evaluation?.repeats, 'evaluation.repeats');
    const total = planned.length * count * repeats;
    const options = { parts: ['user', 'judge'], total, args: given, signal, resumeWith } as const;
    return withConfig(config, options, async ({ pipeline, display, accept, cost }) => {
      const { run } = pipeline;
      const drawn = count === people.length ? people : sample(people, count, seededRandom(run.seed));
      const byRules = config.evaluation?.judge === 'rules';
      const cases = byRules && !drawn[0]!.persona.rules ? ruleCases(drawn, { seed: run.seed }) : drawn;
      const { run: _run, onEvent, ...own } = await evaluatorOptions(pipeline);
      const evaluation = { ...own, otherPersona: false as const, cases };
      const { prices } = pipeline.config;
      accept(await estimateRun({ evaluation: { ...evaluation, run, candidates: planned }, prices }));
      display.stage = 'evaluation';
      display.say(`Choosing on ${cases.length} people who were held out of the training.`);
      const choice = await chooseCheckpoint({
        backend,
        jobs: [handle],
        run,
        evaluation,
        stage: args.stage,
        patience,
        python: args.python,
        serve: { command: readServeCommand('serve', args.serve) },
        out: args.out,
        signal,
        onEvent(event) {
          if (!isOwn(event)) return onEvent?.(event);
          display.say(describeEvent(event));
          if (event.type === 'weights-start') display.stage = 'writing the weights';
        },
      });
      const saved = await saveResults(choice, pipeline.files.results);
      const costs = cost();
      display.say(
        choice.model === null
          ? 'To write its weights: the same command with --out DIR, which makes no call again.'
          : `To serve the weights: ${servingLines(choice.model).transformers}`,
      );
      return {
        text: `${describeChoice(choice)}\n${choice.model === null ? '' : `\nWeights: ${choice.model}`}`,
        json: { ...inJson(choice), results: saved, cost: costs },
      };
    });
  },
});

/** Events that are not progress of an evaluation, in words. */
function describeEvent(event: OwnEvent): string {
  switch (event.type) {
    case 'checkpoint-start':
      return `Measuring ${event.candidate}.`;
    case 'checkpoint-open':
      return `${event.checkpoint.isAdapter ? 'Merging and serving' : 'Serving'} it, as not all its answers are stored.`;
    case 'checkpoint-end': {
      const { result, evalLoss } = event.measured;
      const loss = evalLoss === null ? '' : `, eval loss ${evalLoss.toFixed(3)}`;
      return `${event.candidate}: AL ${result.average?.toFixed(2) ?? 'unknown'}${loss}.`;
    }
    case 'job-stopped':
      return `${event.job} is cancelled after ${event.stage} ${event.step}: alignment no longer improves.`;
    case 'weights-start':
      return `Writing the weights of ${event.candidate} to ${event.out}.`;
  }
}

type OwnEvent = Exclude<ChooseEvent, EvaluationEvent>;

const OWN_EVENTS: ReadonlySet<string> = new Set<OwnEvent['type']>([
  'checkpoint-start',
  'checkpoint-open',
  'checkpoint-end',
  'job-stopped',
  'weights-start',
]);

function isOwn(event: ChooseEvent): event is OwnEvent {
  return OWN_EVENTS.has(event.type);
}

async function saveResults({ checkpoints }: CheckpointChoice, dir: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { job, stage, step, result } of checkpoints) {
    const path = join(dir, `${job.id.slice(0, 16)}-${stage}-${step}.json`);
    await saveEvaluation(result, path);
    paths.push(path);
  }
  return paths;
}

function inJson({ chosen, checkpoints, stopped, model, warnings }: CheckpointChoice): object {
  const short = (one: CheckpointChoice['chosen']) => ({ ...one, result: withoutCases(one.result) });
  return { chosen: short(chosen), checkpoints: checkpoints.map(short), stopped, model, warnings };
}
