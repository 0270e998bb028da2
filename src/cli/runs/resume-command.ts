import type { PauseReply } from '../../control/protocol.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { ASKED_NOTHING, runArg, withRunningProcess } from './steer-run.ts';

export const resumeCommand: Verb = defineVerb({
  args: runArg,
  examples: [{ words: 'runs resume runs/aloe', what: 'After `aloe runs pause runs/aloe`.' }],
  interrupted: ASKED_NOTHING,
  run: ({ args: { run } }) =>
    withRunningProcess(run, async (client) => {
      const { changed } = (await client.ask({ do: 'resume' })) as PauseReply;
      return { text: changed ? `Resumed ${run}.` : `${run} is not paused.`, json: { changed } };
    }),
});
