import { type BooleanArgDef, type CommandDef, defineCommand } from 'citty';
import type { TrainingPreview } from '../../training/training-backend.ts';
import { checkArguments } from '../check-arguments.ts';
import { EXIT } from '../exit-status.ts';
import { guarded } from '../guarded.ts';
import { print } from '../terminal.ts';
import { chooseEngine, engineArgs, openEngine } from './engines.ts';
import { jobArgs, jobFrom } from './job-arguments.ts';
import { saveSubmission } from './submission.ts';
import { GOES_ON, showTraining } from './training-display.ts';

const submitArgs: typeof jobArgs & typeof engineArgs & Record<'dry-run' | 'follow', BooleanArgDef> = {
  ...jobArgs,
  ...engineArgs,
  'dry-run': { type: 'boolean', description: 'Print what would be submitted, without submitting it.' },
  follow: { type: 'boolean', description: 'Show loss, reward margin and accuracy live until the job ends.' },
};

export const submitCommand: CommandDef<typeof submitArgs> = defineCommand({
  meta: {
    name: 'submit',
    description: 'Submit a job: SFT, then DPO. Submitting the same job again does not start a second one.',
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
          print(describePreview(await backend.preview(job, { signal })));
          return;
        }
        const handle = await backend.submit(job, { signal });
        const path = await saveSubmission(engine, handle);
        print(`Submitted "${job.name}" to ${backend.name} as job ${handle.id}.`);
        const key = engine.flags['key-env'];
        const keyFlag = key === undefined ? '' : ` --key-env ${key}`;
        print(`Check on it with: aloe train status${keyFlag} --job ${path}`);
        if (!args.follow) return;
        const { state } = await showTraining(backend, handle, signal);
        if (state !== 'succeeded') process.exitCode = EXIT.failed;
      },
      'Run the same command again: it finds the job if it was submitted.',
      GOES_ON,
    ),
});

function describePreview({ actions, files }: TrainingPreview): string {
  const texts = Object.entries(files).map(([path, text]) => `--- ${path}\n${text.trimEnd()}`);
  return [...texts, '--- then', ...actions].join('\n');
}
