import { createStoredRun } from '../create-run.ts';
import type { Run } from '../run-contract.ts';
import type { RunOptions } from '../run-options.ts';
import { shareWork } from '../work/shared/share-work.ts';
import { parsePostgresUrl } from './address.ts';
import { openPostgresStore } from './open-store.ts';
import { openReadOnlyPostgresRun } from './read-only.ts';

/** `openRun` for a URL. */
export async function openPostgresRun(url: string, options: RunOptions): Promise<Run> {
  const address = parsePostgresUrl(url);
  if (options.readOnly === true) return openReadOnlyPostgresRun(address, options);
  return createStoredRun(shareWork(await openPostgresStore(address, options)), options);
}
