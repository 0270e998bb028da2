import { join } from 'node:path';
import { fetchArtifacts } from '../../training/fetch-artifacts.ts';
import { checkWritable } from '../check-writable.ts';
import { EXIT } from '../exit-status.ts';
import { printError } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { openJob, submittedArgs } from './open-job.ts';
import { describeStatus } from './training-display.ts';

export const fetchCommand: Verb = defineVerb({
  args: {
    ...submittedArgs,
    out: { type: 'string', required: true, valueHint: 'DIR', description: 'Directory for the result.' },
  },
  examples: [
    {
      words: 'train fetch --out tuned',
      what: 'The adapter or weights of the newest job, in the directory tuned.',
    },
  ],
  failed: 'The job has no result.',
  interrupted: 'Run the same command to copy everything again.',
  async run({ args, signal }) {
    await checkWritable('out', join(args.out, 'weights'));
    const { backend, handle } = await openJob(args);
    const artifacts = await backend.artifacts(handle, { signal });
    const { copied, elsewhere } = await fetchArtifacts(artifacts, args.out, signal);
    if (artifacts.length === 0) {
      printError(`No result: ${describeStatus(await backend.status(handle, { signal }))}`);
    }
    const lines = [
      ...copied,
      ...elsewhere.map(({ path, location }) => `${path} is not on this machine: ${location}`),
    ];
    return {
      text: lines.join('\n'),
      json: { copied, elsewhere },
      status: artifacts.length === 0 ? EXIT.failed : EXIT.done,
    };
  },
});
