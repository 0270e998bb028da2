import { open } from 'node:fs/promises';
import { redact } from '../redact.ts';
import type { TrainingLogs } from './training-backend.ts';

/** At most this much at once: the log of a long training is larger than anyone wants in one text. */
const PIECE_BYTES = 1 << 20;

/** A traceback of accelerate's launcher comes after that of the trainer, which may be long itself. */
const REASON_BYTES = 1 << 16;

/** An exception of Python's, or what programs say before they give up. torchrun puts the rank before it. */
const CAUSE = /^(?:\[rank\d+\]: ?)?(?:\w+\.)*\w*(?:Error|Exception|Interrupt)(?::|$)|\berror: /i;

/** How a launcher tells that its trainer failed: not why. One that a signal ended has no other words. */
const ECHO = /CalledProcessError: .* returned non-zero exit status \d+|ChildFailedError/;

/** A piece of a file that grows. The cursor is the byte where the next piece begins, never within a character. */
export async function readLogFile(path: string, cursor = '0'): Promise<TrainingLogs> {
  const start = /^\d+$/.test(cursor) ? Number(cursor) : 0;
  const bytes = await readBytes(path, start, PIECE_BYTES);
  const whole = bytes.subarray(0, endOfText(bytes));
  return { text: whole.toString('utf8'), cursor: String(start + whole.length) };
}

/** Why a job failed, by the end of its log; null for an empty one. */
export async function readFailureReason(path: string, size: number): Promise<string | null> {
  const bytes = await readBytes(path, Math.max(0, size - REASON_BYTES), REASON_BYTES);
  return failureReason(bytes.toString('utf8'));
}

/** The last cause that the output of `run.sh` names, else its last line that says something; null where none does. */
export function failureReason(output: string): string | null {
  // Of the last step alone: before it are those that went well, and earlier attempts with reasons of their own.
  const step = output.slice(output.lastIndexOf('\n== ') + 1);
  // A progress bar rewrites its line.
  const lines = step.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const reason = lines.findLast((line) => CAUSE.test(line) && !ECHO.test(line)) ?? lines.at(-1);
  return reason === undefined ? null : redact(reason.trim());
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
