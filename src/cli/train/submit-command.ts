import { type BooleanArgDef, type CommandDef, defineCommand } from 'citty';
import type { TrainingPreview } from '../../training/training-backend.ts';
import { checkArguments } from '../check-arguments.ts';
import { guarded } from '../guarded.ts';
import { chooseEngine, engineArgs, openEngine } from './engines.ts';
import { jobArgs, jobFrom } from './job-arguments.ts';
import { saveSubmission } from './submission.ts';
import { GOES_ON, showTraining } from './training-display.ts';

const submitArgs: typeof jobArgs & typeof engineArgs & Record<'dry-run' | 'follow', BooleanArgDef> = {
  ...jobArgs,
  ...engineArgs,
  'dry-run': { type: 'boolean', description: 'Print exactly what would be submitted, and submit nothing.' },
  follow: { type: 'boolean', description: 'Show loss, reward margin and accuracy as they move, to the end.' },
};

export const submitCommand: CommandDef<typeof submitArgs> = defineCommand({
  meta: {
    name: 'submit',
    description: 'SFT, then DPO: give a job to an engine. The same job twice is one job.',
  },
  args: submitArgs,
  run: ({ args }) =>
    guarded(
      async (signal) => {
        checkArguments(args, submitArgs);
        const engine = chooseEngine(args);
        const job = await jobFrom(args, signal);
        const backend = await openEngine(engine);
        if (args['dry-run']) {
          console.log(describePreview(await backend.preview(job, { signal })));
          return;
        }
        const handle = await backend.submit(job, { signal });
        const path = await saveSubmission(engine, handle);
        console.log(`${job.name} is job ${handle.id} on ${backend.name}.`);
        console.log(`Look at it with: aloe train status --job ${path}`);
        if (!args.follow) return;
        const { state } = await showTraining(backend, handle, signal);
        if (state !== 'succeeded') process.exitCode = 1;
      },
      'The same command submits the same job: it finds the one that is there.',
      GOES_ON,
    ),
});

function describePreview({ actions, files }: TrainingPreview): string {
  const texts = Object.entries(files).map(([path, text]) => `--- ${path}\n${text.trimEnd()}`);
  return [...texts, '--- then', ...actions].join('\n');
}
