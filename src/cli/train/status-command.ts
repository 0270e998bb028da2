import { EXIT } from '../exit-status.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { CHECK_AGAIN, openJob, submittedArgs } from './open-job.ts';
import { describeTraining, GOES_ON, showTraining } from './training-display.ts';

export const statusCommand: Verb = defineVerb({
  args: {
    ...submittedArgs,
    follow: { type: 'boolean', description: 'Keep watching until the job ends.' },
  },
  examples: [
    { words: 'train status', what: 'State and last metrics of the newest job.' },
    { words: 'train status --follow', what: 'The same, live, until it ends.' },
  ],
  failed: 'The job failed or was lost.',
  interrupted: CHECK_AGAIN,
  stopping: GOES_ON,
  async run({ args, signal }) {
    const { backend, handle } = await openJob(args);
    const job = args.follow
      ? await showTraining(backend, handle, signal)
      : {
          status: await backend.status(handle, { signal }),
          metrics: await backend.metrics(handle, { signal }),
        };
    return {
      text: describeTraining(job),
      json: { ...job.status, metrics: job.metrics },
      status: ['failed', 'lost'].includes(job.status.state) ? EXIT.failed : EXIT.done,
    };
  },
});
