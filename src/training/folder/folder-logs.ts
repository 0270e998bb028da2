import { open } from 'node:fs/promises';
import { redact, withoutHalfSecret } from '../../redact.ts';
import type { TrainingLogs } from '../training-backend.ts';

/** Most bytes per read: the log of a long training is too large for one string. */
const PIECE_BYTES = 1 << 20;

/** Enough for the trainer's traceback and that of accelerate's launcher after it. */
const REASON_BYTES = 1 << 16;

/** A Python exception, or a program's last error message. torchrun puts the rank in front. */
const CAUSE = /^(?:\[rank\d+\]: ?)?(?:\w+\.)*\w*(?:Error|Exception|Interrupt)(?::|$)|\berror: /i;

/** A launcher's message that its trainer failed, which does not say why. For death by signal it is the only message. */
const ECHO = /CalledProcessError: .* returned non-zero exit status \d+|ChildFailedError/;

/**
 * Reads a piece of a growing file, without secrets. The cursor is the byte offset of the next piece, never inside a character.
 *
 * @param isComplete Whether nothing more will be written. Otherwise what may be the beginning of a key is left for the next
 * piece.
 */
export async function readLogFile(path: string, cursor = '0', isComplete = false): Promise<TrainingLogs> {
  const start = /^\d+$/.test(cursor) ? Number(cursor) : 0;
  const bytes = await readBytes(path, start, PIECE_BYTES);
  // A full piece ends with a line, so that no key is divided between two.
  const endOfLines = bytes.length === PIECE_BYTES ? bytes.lastIndexOf('\n') + 1 : 0;
  const whole = bytes.subarray(0, endOfLines || endOfText(bytes));
  const read = whole.toString('utf8');
  const text = isComplete && bytes.length < PIECE_BYTES ? read : withoutHalfSecret(read);
  const left = Buffer.byteLength(read.slice(text.length));
  return { text: redact(text), cursor: String(start + whole.length - left) };
}

/** Why a job failed, from the end of its log. Null if the log is empty. */
export async function readFailureReason(path: string, size: number): Promise<string | null> {
  const bytes = await readBytes(path, Math.max(0, size - REASON_BYTES), REASON_BYTES);
  return failureReason(bytes.toString('utf8'));
}

/** The last error in the output of `run.sh`, else its last non-empty line. Null if there is none. */
export function failureReason(output: string): string | null {
  // Look at the last step only. Earlier steps succeeded, and earlier attempts had errors of their own.
  const step = output.slice(output.lastIndexOf('\n== ') + 1);
  // Progress bars end lines with \r.
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

/** Where to cut so that a character whose last bytes are still missing is read completely next time. */
function endOfText(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0b1111_0000 ? 4 : byte >= 0b1110_0000 ? 3 : byte >= 0b1100_0000 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
