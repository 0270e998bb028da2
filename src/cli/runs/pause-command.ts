import type { PauseReply } from '../../control/protocol.ts';
import { counted } from '../../internal/format.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import { displayedPlace } from '../../runs/postgres-url.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { ASKED_NOTHING, runArg, withRunningProcess } from './steer-run.ts';

export const pauseCommand: Verb = defineVerb({
  args: runArg,
  examples: [{ words: 'runs pause runs/aloe', what: 'The command that works on it goes on waiting.' }],
  interrupted: ASKED_NOTHING,
  run: ({ args: { run } }) =>
    withRunningProcess(run, async (client) => {
      const { changed, state } = (await client.ask({ do: 'pause' })) as PauseReply;
      const inFlight = state.models.reduce((sum, model) => sum + model.inFlight, 0);
      const name = displayedPlace(run);
      const count = state.processes?.length ?? 1;
      const paused = count === 1 ? name : `${count} processes of ${name}`;
      const done = changed ? `Paused ${paused}.` : `${name} was paused already, since ${state.pausedSince}.`;
      const rest =
        inFlight === 0 ? 'Nothing is in flight.' : `${counted(inFlight, 'call')} in flight will finish.`;
      return {
        text: `${done} ${rest} To go on: aloe runs resume ${shellQuote(name)}`,
        json: { changed, pausedSince: state.pausedSince, inFlight },
      };
    }),
});
