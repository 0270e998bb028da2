import type { BooleanArgDef, StringArgDef } from 'citty';
import type { LivePageServer, LiveSource } from '../control/page-server.ts';
import type { ProgressDisplay } from './progress-display.ts';
import { readOptionalNumber } from './read-number.ts';

/** The flags of every verb that works on a run for long. */
export const liveArgs: { readonly live: BooleanArgDef; readonly 'live-port': StringArgDef } = {
  live: {
    type: 'boolean',
    description: 'Show progress and finished conversations on a page at http://127.0.0.1.',
  },
  'live-port': {
    type: 'string',
    valueHint: 'N',
    description: 'Port of that page (default: any free one). Implies --live.',
  },
};

/** Reads the flags. Undefined for no page; 0 for any port. */
export function readLivePort(args: Readonly<Record<string, unknown>>): number | undefined {
  const port = readOptionalNumber('live-port', args['live-port'] as string | undefined, {
    min: 1,
    max: 65_535,
    whole: true,
  });
  return port ?? (args.live === true ? 0 : undefined);
}

/** Serves the page of a run, and says where. @param option The flag of the port. */
export async function showLivePage(
  run: string,
  source: LiveSource,
  port: number,
  display: Pick<ProgressDisplay, 'say'>,
  option = 'port',
): Promise<LivePageServer> {
  const { servePage } = await import('../control/page-server.ts');
  const server = await servePage(run, source, port, option);
  display.say(`Live page, for this machine only: ${server.url}`);
  return server;
}
