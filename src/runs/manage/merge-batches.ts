import { writeFileAtomic } from '../../internal/write-file.ts';
import { type BatchRecord, handleLine, readBatchFile, submittedLine } from '../../models/batch/batch-file.ts';

/** Adds batches to a file of batches, in the order of their submission: a call belongs to the last batch it was sent in. */
export async function mergeBatches(path: string, others: readonly BatchRecord[]): Promise<void> {
  const { batches } = await readBatchFile(path);
  let isChanged = false;
  for (const record of others) {
    const known = batches.get(record.key);
    if (known !== undefined && (known.handle !== null || record.handle === null)) continue;
    batches.set(record.key, record);
    isChanged = true;
  }
  if (!isChanged) return;
  const records = [...batches.values()].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const lines = records.flatMap((record) => [
    submittedLine(record),
    ...(record.handle === null ? [] : [handleLine(record.key, record.handle)]),
  ]);
  await writeFileAtomic(path, lines.join(''));
}
