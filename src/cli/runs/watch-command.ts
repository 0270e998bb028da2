import { stdout } from 'node:process';
import type { ControlClient } from '../../control/control-client.ts';
import { describeState } from '../../control/describe-state.ts';
import type { FinishedWork } from '../../control/finished-work.ts';
import type { LiveState } from '../../control/live-state.ts';
import { RunConflictError } from '../../errors.ts';
import { alignTables } from '../../internal/align-tables.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import { sleep } from '../../internal/sleep.ts';
import { orAborted } from '../../internal/until-aborted.ts';
import { displayedPlace, isPostgresUrl } from '../../runs/postgres-url.ts';
import { showLivePage } from '../live-page.ts';
import { readOptionalNumber } from '../read-number.ts';
import { createScreen, printError } from '../terminal.ts';
import { defineVerb, type Outcome, type Verb } from '../verb.ts';
import { ASKED_NOTHING, runArg, withRunningProcess } from './steer-run.ts';

const REDRAW_MS = 1_000;

export const watchCommand: Verb = defineVerb({
  args: {
    ...runArg,
    page: { type: 'boolean', description: 'Show it on a page at http://127.0.0.1 instead.' },
    port: {
      type: 'string',
      valueHint: 'N',
      description: 'Port of that page (default: any free one). Implies --page.',
    },
  },
  examples: [
    { words: 'runs watch runs/aloe', what: 'Redrawn every second until the run ends or you press Ctrl-C.' },
    {
      words: 'runs watch runs/aloe --page',
      what: 'On a page, with the text of finished conversations, until you press Ctrl-C.',
    },
    { words: 'runs watch runs/aloe --json', what: 'Once, for a program. So does a pipe.' },
  ],
  interrupted: ASKED_NOTHING,
  stopping: 'The run goes on.',
  run: ({ args, json, signal }) => {
    const { run } = args;
    const port = readOptionalNumber('port', args.port, { min: 1, max: 65_535, whole: true });
    return withRunningProcess(run, async (client) => {
      const read = async () => (await orAborted(client.ask({ do: 'state' }), signal)) as LiveState;
      const first = await read();
      if (args.page || port !== undefined) {
        return serve(run, { client, read, port: port ?? 0, first }, signal);
      }
      if (json || !stdout.isTTY) return { text: describeState(first), json: first };
      return watch(run, first, read, signal);
    });
  },
});

interface Served {
  readonly client: ControlClient;
  readonly read: () => Promise<LiveState>;
  readonly port: number;
  readonly first: LiveState;
}

/** Serves the page until the run ends or the reader leaves. */
async function serve(
  run: string,
  { client, read, port, first }: Served,
  signal: AbortSignal,
): Promise<Outcome> {
  const finished = async (after: number) => (await client.ask({ do: 'finished', after })) as FinishedWork;
  const page = await showLivePage(run, { state: read, finished }, port, { say: printError });
  let state = first;
  try {
    for (;;) {
      await sleep(REDRAW_MS, signal);
      state = await read();
    }
  } catch (error) {
    return ended(run, state, error, signal);
  } finally {
    page.close();
  }
}

/** What is said when watching ends: the reader has left, or the run has ended. */
function ended(run: string, state: LiveState, error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) return { text: '', json: state };
  if (!RunConflictError.isInstance(error)) throw error;
  return {
    text: `\n${isPostgresUrl(run) ? `No process works on ${displayedPlace(run)} any more` : `The process that had ${run} open has ended`}.`,
    json: state,
  };
}

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
      const hint = `\n\nCtrl-C leaves; the run goes on. To pause it: aloe runs pause ${shellQuote(displayedPlace(run))}`;
      screen.show(`${alignTables(describeState(state))}${hint}`);
      await sleep(REDRAW_MS, signal);
      state = await read();
    }
  } catch (error) {
    return ended(run, state, error, signal);
  }
}
