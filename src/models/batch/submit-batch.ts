import { sleep } from '../../internal/sleep.ts';
import type { BatchRecord } from './batch-file.ts';
import type { BatchHandle, BatchProvider } from './batch-provider.ts';
import type { BatchRecords } from './batch-records.ts';
import type { patience } from './patience.ts';
import type { WaitingCall } from './waiting-call.ts';

/** What {@link submitBatch} and {@link findBatch} work with. */
export interface SubmitOptions {
  readonly provider: BatchProvider;
  readonly record: BatchRecord;
  readonly records: () => Promise<BatchRecords>;
  readonly pollMs: number;
  readonly patiently: ReturnType<typeof patience>;
  readonly signal: AbortSignal;
}

/** A batch created at the very end of a process may not be listed yet. After that time it is. */
const LISTED_AFTER_MS = 300_000;

/** Submits a batch. What is to be submitted is on disk before, and the handle after. */
export async function submitBatch(
  calls: readonly WaitingCall[],
  { provider, record, records, pollMs, patiently, signal }: SubmitOptions,
): Promise<BatchHandle> {
  const kept = await records();
  await kept.add(record);
  let isRepeated = false;
  const handle = await patiently(
    'submit',
    async () => {
      // A submission whose answer was lost may have arrived, and be listed a little later.
      let found = isRepeated ? await provider.find(record.key, { signal }) : null;
      if (isRepeated && found === null) {
        await sleep(pollMs, signal);
        found = await provider.find(record.key, { signal });
      }
      isRepeated = true;
      return found ?? (await provider.submit(record.key, calls, { signal }));
    },
    signal,
  );
  await kept.setHandle(record.key, handle);
  return handle;
}

/** Finds a batch whose handle was not noted in time. Null if it was never created. */
export async function findBatch(options: SubmitOptions): Promise<BatchHandle | null> {
  const { provider, record, records, pollMs, patiently, signal } = options;
  const look = () => patiently('find', () => provider.find(record.key, { signal }), signal);
  let found = await look();
  if (found === null && Date.now() - Date.parse(record.at) < LISTED_AFTER_MS) {
    await sleep(pollMs, signal);
    found = await look();
  }
  if (found !== null) await (await records()).setHandle(record.key, found);
  return found;
}
