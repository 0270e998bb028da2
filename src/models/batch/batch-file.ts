import { existsSync } from 'node:fs';
import * as z from 'zod';
import { readByteLines } from '../../internal/byte-lines.ts';
import type { BatchHandle } from './batch-provider.ts';

/** What is kept of a batch. */
export interface BatchRecord {
  /** The key that it was submitted under. */
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

/** The batches in a file. */
export interface BatchFile {
  /** By key, in the order in which they were submitted. */
  readonly batches: Map<string, BatchRecord>;
  /** Whether the last line is whole, so that another can follow. */
  readonly isWhole: boolean;
}

/** Longer than 50,000 rows. */
const MAX_LINE_BYTES = 64 * 2 ** 20;

const lineSchema = z.union([
  z.object({ batch: z.string(), provider: z.string(), at: z.string(), rows: z.array(z.string()) }),
  z.object({
    batch: z.string(),
    handle: z.object({ id: z.string(), location: z.record(z.string(), z.string()).optional() }),
  }),
]);

/**
 * Reads a file of batches, which may not be there. A line that a crash cut off, or that is damaged, is skipped: at worst a
 * batch is paid for twice, but the run goes on.
 */
export async function readBatchFile(path: string): Promise<BatchFile> {
  const batches = new Map<string, BatchRecord>();
  let isWhole = true;
  if (!existsSync(path)) return { batches, isWhole };
  for await (const { bytes } of readByteLines(path, { maxBytes: MAX_LINE_BYTES })) {
    const line = bytes && parseLine(bytes);
    // Only the last line can be cut off.
    isWhole = Boolean(line);
    if (!line) continue;
    if ('rows' in line) {
      const { batch: key, ...record } = line;
      batches.set(key, { key, ...record, handle: null });
    } else {
      const record = batches.get(line.batch);
      if (record !== undefined) batches.set(line.batch, { ...record, handle: line.handle });
    }
  }
  return { batches, isWhole };
}

/** The line that is written before a batch is submitted. */
export function submittedLine({ key: batch, provider, at, rows }: BatchRecord): string {
  return `${JSON.stringify({ batch, provider, at, rows })}\n`;
}

/** The line that is written once it is submitted. */
export function handleLine(batch: string, handle: BatchHandle): string {
  return `${JSON.stringify({ batch, handle })}\n`;
}

function parseLine(bytes: Buffer): z.infer<typeof lineSchema> | null {
  try {
    return lineSchema.safeParse(JSON.parse(bytes.toString())).data ?? null;
  } catch {
    return null;
  }
}
