import { open } from 'node:fs/promises';
import { redact } from '../internal/redact.ts';
import type { TrainingLogs } from './training-backend.ts';

/** At most this much at once: the log of a long training is larger than anyone wants in one text. */
const PIECE_BYTES = 1 << 20;

const REASON_BYTES = 4_096;

/** A piece of a file that grows. The cursor is the byte where the next piece begins, never within a character. */
export async function readLogFile(path: string, cursor = '0'): Promise<TrainingLogs> {
  const start = /^\d+$/.test(cursor) ? Number(cursor) : 0;
  const bytes = await readBytes(path, start, PIECE_BYTES);
  const whole = bytes.subarray(0, endOfText(bytes));
  return { text: whole.toString('utf8'), cursor: String(start + whole.length) };
}

/** The last line that says something, as the reason of a failure; null for an empty log. */
export async function lastLogLine(path: string, size: number): Promise<string | null> {
  const bytes = await readBytes(path, Math.max(0, size - REASON_BYTES), REASON_BYTES);
  // A progress bar rewrites its line.
  const lines = bytes.toString('utf8').split(/[\r\n]+/);
  const last = lines.findLast((line) => line.trim() !== '');
  return last === undefined ? null : redact(last.trim());
}

async function readBytes(path: string, start: number, length: number): Promise<Buffer> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Where to cut so that a character whose last bytes are still to come is read whole next time. */
function endOfText(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0b1111_0000 ? 4 : byte >= 0b1110_0000 ? 3 : byte >= 0b1100_0000 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
