import { followTraining } from '../../training/follow-training.ts';
import { printPart } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { CHECK_AGAIN, openJob, submittedArgs } from './open-job.ts';
import { GOES_ON } from './training-display.ts';

export const logsCommand: Verb = defineVerb({
  args: {
    ...submittedArgs,
    follow: { type: 'boolean', description: 'Keep printing new output until the job ends.' },
  },
  examples: [{ words: 'train logs --follow', what: 'The output of the newest job, live.' }],
  interrupted: CHECK_AGAIN,
  stopping: GOES_ON,
  async run({ args, json, signal }) {
    const { backend, handle } = await openJob(args);
    const parts: string[] = [];
    const take = (text: string): void => {
      if (json) parts.push(text);
      else printPart(text);
    };
    if (args.follow) {
      for await (const event of followTraining(backend, handle, { pollMs: 1_000, signal })) {
        if (event.type === 'log-written') take(event.text);
      }
    } else {
      let piece = await backend.logs(handle, undefined, { signal });
      while (piece.text !== '') {
        take(piece.text);
        piece = await backend.logs(handle, piece.cursor, { signal });
      }
    }
    return { text: '', json: { log: parts.join('') } };
  },
});
