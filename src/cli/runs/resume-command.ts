import type { ResumeReply } from '../../control/protocol.ts';
import { displayedPlace } from '../../runs/postgres-url.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { ASKED_NOTHING, runArg, withRunningProcess } from './steer-run.ts';

export const resumeCommand: Verb = defineVerb({
  args: runArg,
  examples: [{ words: 'runs resume runs/aloe', what: 'After `aloe runs pause runs/aloe`.' }],
  interrupted: ASKED_NOTHING,
  run: ({ args: { run } }) =>
    withRunningProcess(run, async (client) => {
      const { changed } = (await client.ask({ do: 'resume' })) as ResumeReply;
      const name = displayedPlace(run);
      return { text: changed ? `Resumed ${name}.` : `${name} is not paused.`, json: { changed } };
    }),
});
