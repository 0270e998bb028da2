import { checkRunUrl } from '../check-run-url.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { copyRuns } from './copy-runs.ts';

export const importCommand: Verb = defineVerb({
  args: {
    dir: { type: 'positional', required: true, description: 'Run directory to copy from. It is only read.' },
    run: { type: 'positional', required: true, description: 'URL of the run in a database.' },
  },
  examples: [
    {
      words: "runs import runs/first 'postgres://aloe@localhost/aloe?run=first'",
      what: 'Go on with a run on several machines: its answers are not paid for again.',
    },
  ],
  interrupted: 'Run the same command again to copy the rest.',
  stopping: 'Stopping. What was copied stays.',
  run({ args, signal }) {
    checkRunUrl(args.run);
    return copyRuns(args.run, [args.dir], signal);
  },
});
