import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import * as z from 'zod';
import { RunStorageError } from '../../errors.ts';
import { readByteLines } from '../../internal/byte-lines.ts';
import type { BatchHandle } from './batch-provider.ts';

/** What is kept of a batch. */
export interface BatchRecord {
  /** Under which it was submitted. */
  readonly key: string;
  /** The provider's name: another one does not know the batch. */
  readonly provider: string;
  /** When it was about to be submitted, ISO 8601. */
  readonly at: string;
  /** Ids of its rows. */
  readonly rows: readonly string[];
  /** Null if the process died before it knew: the provider is then asked. */
  readonly handle: BatchHandle | null;
}

/** The batches of a run, this process's and those of earlier ones. */
export interface BatchRecords {
  /** The last batch that this row was sent in. Undefined if there is none. */
  find(row: string): BatchRecord | undefined;
  /** Called before a batch is submitted. Resolves when it is on disk. */
  add(record: BatchRecord): Promise<void>;
  /** Called when the batch is submitted. */
  setHandle(key: string, handle: BatchHandle): Promise<void>;
}

/** Longer than 50,000 rows. */
const MAX_LINE_BYTES = 64 * 2 ** 20;

const handleSchema = z.object({
  id: z.string(),
  location: z.record(z.string(), z.string()).optional(),
});

const lineSchema = z.union([
  z.object({ batch: z.string(), provider: z.string(), at: z.string(), rows: z.array(z.string()) }),
  z.object({ batch: z.string(), handle: handleSchema }),
]);

/** For work that nothing of outlives: no batch is looked for. */
export const NO_RECORDS: BatchRecords = {
  find: () => undefined,
  add: async () => {},
  setHandle: async () => {},
};

/**
 * Opens the records in a JSON Lines file, to which lines are only added. A line that a crash cut off, or that is damaged,
 * is skipped: at worst a batch is paid for twice, but the run goes on.
 *
 * @param provider Batches of other providers are left out.
 */
export async function openBatchRecords(path: string, provider: string): Promise<BatchRecords> {
  const batches = new Map<string, BatchRecord>();
  const ofRow = new Map<string, string>();
  let startsLine = true;

  function keep(record: BatchRecord): void {
    batches.set(record.key, record);
    for (const row of record.rows) ofRow.set(row, record.key);
  }

  if (existsSync(path)) {
    for await (const { bytes } of readByteLines(path, { maxBytes: MAX_LINE_BYTES })) {
      const line = bytes && parseLine(bytes);
      // Only the last line can be cut off.
      startsLine = Boolean(line);
      if (!line) continue;
      if ('rows' in line) keep({ key: line.batch, ...line, handle: null });
      else {
        const record = batches.get(line.batch);
        if (record !== undefined) batches.set(line.batch, { ...record, handle: line.handle });
      }
    }
  }

  async function append(line: z.infer<typeof lineSchema>): Promise<void> {
    const text = `${startsLine ? '' : '\n'}${JSON.stringify(line)}\n`;
    startsLine = true;
    await appendDurably(path, text);
  }

  return {
    find(row) {
      const record = batches.get(ofRow.get(row) ?? '');
      return record?.provider === provider ? record : undefined;
    },
    async add(record) {
      const { key: batch, at, rows } = record;
      await append({ batch, provider: record.provider, at, rows: [...rows] });
      keep(record);
    },
    async setHandle(key, handle) {
      batches.set(key, { ...batches.get(key)!, handle });
      await append({ batch: key, handle });
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
    throw new RunStorageError(`${path} cannot be written (${(cause as Error).message}).`, {
      hint: 'Saved calls are safe. Free disk space or restore access, then run the program again to resume.',
      cause,
    });
  }
}

function parseLine(bytes: Buffer): z.infer<typeof lineSchema> | null {
  try {
    return lineSchema.safeParse(JSON.parse(bytes.toString())).data ?? null;
  } catch {
    return null;
  }
}
