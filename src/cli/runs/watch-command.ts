import { stdout } from 'node:process';
import { describeState } from '../../control/describe-state.ts';
import type { LiveState } from '../../control/live-state.ts';
import { RunConflictError } from '../../errors.ts';
import { alignTables } from '../../internal/align-tables.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import { sleep } from '../../internal/sleep.ts';
import { createScreen } from '../terminal.ts';
import { defineVerb, type Outcome, type Verb } from '../verb.ts';
import { ASKED_NOTHING, runArg, withRunningProcess } from './steer-run.ts';

const REDRAW_MS = 1_000;

export const watchCommand: Verb = defineVerb({
  args: runArg,
  examples: [
    { words: 'runs watch runs/aloe', what: 'Redrawn every second until the run ends or you press Ctrl-C.' },
    { words: 'runs watch runs/aloe --json', what: 'Once, for a program. So does a pipe.' },
  ],
  interrupted: ASKED_NOTHING,
  stopping: 'The run goes on.',
  run: ({ args: { run }, json, signal }) =>
    withRunningProcess(run, async (client) => {
      const read = async () => (await client.ask({ do: 'state' })) as LiveState;
      const first = await read();
      if (json || !stdout.isTTY) return { text: describeState(first), json: first };
      return watch(run, first, read, signal);
    }),
});

async function watch(
  run: string,
  first: LiveState,
  read: () => Promise<LiveState>,
  signal: AbortSignal,
): Promise<Outcome> {
  const screen = createScreen();
  let state = first;
  try {
    for (;;) {
      const hint = `\n\nCtrl-C leaves; the run goes on. To pause it: aloe runs pause ${shellQuote(run)}`;
      screen.show(`${alignTables(describeState(state))}${hint}`);
      await sleep(REDRAW_MS, signal);
      state = await read();
    }
  } catch (error) {
    if (signal.aborted) return { text: '', json: state };
    if (!RunConflictError.isInstance(error)) throw error;
    return { text: `\nThe process that had ${run} open has ended.`, json: state };
  }
}
