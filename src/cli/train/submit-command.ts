import { checkWarmUp } from '../../training/doctor/check-warm-up.ts';
import type { TrainingPreview } from '../../training/training-backend.ts';
import { EXIT } from '../exit-status.ts';
import { printError } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { chooseEngine, ENGINE_OPTION, engineArgs, engineOptionArg, openEngine } from './engines.ts';
import { jobArgs, jobFrom } from './job-arguments.ts';
import { namedValues } from './named-values.ts';
import { saveSubmission } from './submission.ts';
import { describeTraining, GOES_ON, showTraining } from './training-display.ts';

export const submitCommand: Verb = defineVerb({
  args: {
    ...jobArgs,
    ...engineArgs,
    ...engineOptionArg,
    'dry-run': { type: 'boolean', description: 'Print what would be submitted, without submitting it.' },
    follow: {
      type: 'boolean',
      description: 'Show loss, reward margin and accuracy live until the job ends.',
    },
  },
  examples: [
    {
      words: 'train submit --follow',
      what: 'After `aloe run`: what `training` in the config says, on the files of the run.',
    },
    {
      words: 'train submit --base Qwen/Qwen2.5-7B-Instruct --sft sft.jsonl --dpo dpo.jsonl',
      what: 'Train adapters on this machine.',
    },
    {
      words: 'train submit --sft-option learning_rate=2e-5 --dpo-option beta=0.2 --time-limit 720',
      what: 'With options of TRL, and a limit of 12 hours.',
    },
    {
      words: 'train submit --recipe recipe.json --backend slurm --partition gpu --dry-run',
      what: 'Print the job for Slurm without submitting it.',
    },
  ],
  failed: 'Failed; with --follow, also if the job did not succeed.',
  interrupted: 'Run the same command again: it finds the job if it was submitted.',
  stopping: GOES_ON,
  async run({ args, signal }) {
    const engine = chooseEngine(args);
    const job = await jobFrom(args, signal);
    const backend = await openEngine(engine, await namedValues(ENGINE_OPTION, args[ENGINE_OPTION]));
    if (args['dry-run']) {
      const preview = await backend.preview(job, { signal });
      return { text: describePreview(preview), json: preview };
    }
    for (const { message, remedy } of await checkWarmUp(job, backend, signal)) {
      printError(`Warning: ${message} ${remedy}`);
    }
    const handle = await backend.submit(job, { signal });
    const submission = await saveSubmission(engine, handle, job);
    const keyEnv = engine.flags['key-env'];
    const keyFlag = keyEnv === undefined ? '' : ` --key-env ${keyEnv}`;
    printError(`Submitted "${job.name}" to ${backend.name} as job ${handle.id}.`);
    printError(`Check on it with: aloe train status${keyFlag} --job ${submission}`);
    const json = { submission, backend: backend.name, job: handle.id };
    if (!args.follow) return { text: submission, json };
    const ended = await showTraining(backend, handle, signal);
    return {
      text: `${submission}\n${describeTraining(ended)}`,
      json: { ...json, ...ended.status, metrics: ended.metrics },
      status: ended.status.state === 'succeeded' ? EXIT.done : EXIT.failed,
    };
  },
});

function describePreview({ actions, files }: TrainingPreview): string {
  const texts = Object.entries(files).map(([path, text]) => `--- ${path}\n${text.trimEnd()}`);
  return [...texts, '--- then', ...actions].join('\n');
}
