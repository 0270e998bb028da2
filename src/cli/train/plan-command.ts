import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { alignTables } from '../../internal/align-tables.ts';
import { transformersTokenizer } from '../../tokenizers/transformers.ts';
import { inspectModel } from '../../training/doctor/inspect-model.ts';
import { describePlan } from '../../training/plan/describe-plan.ts';
import { planTraining } from '../../training/plan/plan-training.ts';
import { EXIT } from '../exit-status.ts';
import { readOptionalNumber } from '../read-number.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { jobArgs, jobFrom } from './job-arguments.ts';

export const planCommand: Verb = defineVerb({
  args: {
    ...jobArgs,
    gpu: {
      type: 'string',
      description: "Kind of GPU, such as H100, or a memory size, such as 48GB (default: the config's).",
    },
    'usd-per-gpu-hour': {
      type: 'string',
      description: 'US dollars for one GPU and hour, to compute the cost.',
    },
    'tokens-per-second': {
      type: 'string',
      description: 'Measured tokens per second per GPU (default: 35 % of the peak of the GPU).',
    },
    trl: {
      type: 'string',
      description: 'Version of TRL that trains (default: 1.13). From 1.15 on, DPO needs less memory.',
    },
    python: {
      type: 'string',
      description:
        'A Python with TRL, to read the config of a model on the hub (default: hours and memory are unknown).',
    },
  },
  examples: [
    {
      words: 'train plan --preset paper --gpus 8 --gpu A100-80GB --usd-per-gpu-hour 2',
      what: 'Memory by part, steps, hours and dollars, and what to change if it does not fit.',
    },
  ],
  failed: 'The job does not fit the GPUs.',
  interrupted: 'Nothing was changed.',
  async run({ args, signal }) {
    const job = await jobFrom(args, signal);
    const { python } = args;
    const isLocal = existsSync(job.base);
    const model =
      isLocal || python === undefined ? undefined : await inspectModel(job.base, { python, signal });
    const hasTokenizer = existsSync(join(job.base, 'tokenizer.json'));
    const plan = await planTraining(job, {
      model,
      gpu: args.gpu,
      trl: args.trl,
      usdPerGpuHour: readOptionalNumber('usd-per-gpu-hour', args['usd-per-gpu-hour'], { min: 0 }),
      tokensPerSecond: readOptionalNumber('tokens-per-second', args['tokens-per-second'], { min: 1 }),
      tokenizer: hasTokenizer ? transformersTokenizer({ modelPath: job.base }) : undefined,
      signal,
    });
    return {
      text: alignTables(describePlan(plan)).trimEnd(),
      json: { plan },
      status: plan.fits === false ? EXIT.failed : EXIT.done,
    };
  },
});
