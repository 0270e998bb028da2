import type { PositionalArgDef } from 'citty';
import { connectToRun } from '../../control/connect.ts';
import type { ControlClient } from '../../control/control-client.ts';
import { errorSentence } from '../../internal/describe-error.ts';
import type { RunEvent } from '../../runs/events.ts';
import { unusableRun } from '../command-run.ts';
import { printError } from '../terminal.ts';

/** The argument of every verb that steers a run. */
export const runArg: { readonly run: PositionalArgDef & { readonly required: true } } = {
  run: {
    type: 'positional',
    required: true,
    description: 'Run directory that a command has open, or URL of a run in a database.',
  },
};

/** Printed when a verb that only asks is interrupted. */
export const ASKED_NOTHING = 'Interrupted. The run goes on.';

/** Connects to the processes that have the run open, does the work, and closes the connection. */
export async function withRunningProcess<Value>(
  dir: string,
  work: (client: ControlClient) => Promise<Value>,
): Promise<Value> {
  const client = await connectToRun(dir, { onEvent: tell }).catch((error: unknown) => {
    throw unusableRun(error);
  });
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** Says why nothing happens. */
function tell(event: RunEvent): void {
  if (event.type === 'database-away') printError(`${errorSentence(event.error)} Waiting for it.`);
  if (event.type === 'database-back') printError('The database is back.');
}
