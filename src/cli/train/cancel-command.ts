import { isFinal } from '../../training/follow-training.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { CHECK_AGAIN, openJob, submittedArgs } from './open-job.ts';
import { describeStatus } from './training-display.ts';

export const cancelCommand: Verb = defineVerb({
  args: submittedArgs,
  examples: [{ words: 'train cancel', what: 'Cancel the newest job.' }],
  interrupted: CHECK_AGAIN,
  async run({ args, signal }) {
    const { backend, handle } = await openJob(args);
    await backend.cancel(handle, { signal });
    const status = await backend.status(handle, { signal });
    const text = isFinal(status)
      ? describeStatus(status)
      : `Cancellation requested; the job is still ${status.state}.`;
    return { text, json: status };
  },
});
