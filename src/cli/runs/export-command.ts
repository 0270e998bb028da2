import { checkRunUrl } from '../check-run-url.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { copyRuns } from './copy-runs.ts';

export const exportCommand: Verb = defineVerb({
  args: {
    run: { type: 'positional', required: true, description: 'URL of a run in a database.' },
    dir: { type: 'positional', required: true, description: 'Run directory to copy to.' },
  },
  examples: [
    {
      words: "runs export 'postgres://aloe@localhost/aloe?run=first' runs/first",
      what: 'Copy the answers of a run in a database to a directory, to replay or archive it.',
    },
  ],
  interrupted: 'Run the same command again to copy the rest.',
  stopping: 'Stopping. What was copied stays.',
  run({ args, signal }) {
    checkRunUrl(args.run);
    return copyRuns(args.dir, [args.run], signal);
  },
});
