import { open } from 'node:fs/promises';
import { runFileError } from '../../internal/run-storage.ts';
import { type BatchRecord, handleLine, readBatchFile, submittedLine } from './batch-file.ts';
import type { BatchHandle } from './batch-provider.ts';

/** The batches of a run, this process's and those of earlier ones. */
export interface BatchRecords {
  /** The last batch that this row was sent in. Undefined if there is none. */
  find(row: string): BatchRecord | undefined;
  /** Called before a batch is submitted. Resolves when it is on disk. */
  add(record: BatchRecord): Promise<void>;
  /** Called when the batch is submitted. */
  setHandle(key: string, handle: BatchHandle): Promise<void>;
}

/** Records of a run in memory, which ends with the process: there is no earlier batch to look for. */
export const NO_RECORDS: BatchRecords = {
  find: () => undefined,
  add: async () => {},
  setHandle: async () => {},
};

/**
 * Opens the records in a JSON Lines file, to which lines are only added.
 *
 * @param provider Batches of other providers are left out.
 */
export async function openBatchRecords(path: string, provider: string): Promise<BatchRecords> {
  const { batches, isWhole } = await readBatchFile(path);
  const ofRow = new Map<string, string>();
  let startsLine = isWhole;

  function keep(record: BatchRecord): void {
    if (record.provider !== provider) return;
    for (const row of record.rows) ofRow.set(row, record.key);
  }
  for (const record of batches.values()) keep(record);

  async function append(line: string): Promise<void> {
    const text = `${startsLine ? '' : '\n'}${line}`;
    startsLine = true;
    await appendDurably(path, text);
  }

  return {
    find: (row) => batches.get(ofRow.get(row) ?? ''),
    async add(record) {
      await append(submittedLine(record));
      batches.set(record.key, record);
      keep(record);
    },
    async setHandle(key, handle) {
      batches.set(key, { ...batches.get(key)!, handle });
      await append(handleLine(key, handle));
    },
  };
}

async function appendDurably(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'a');
    try {
      await file.appendFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw runFileError(`${path} cannot be written`, cause);
  }
}
