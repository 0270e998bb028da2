import { isUtf8 } from 'node:buffer';
import { findJsonProblem } from '../internal/json-problem.ts';
import { findDuplicateKeys } from './duplicate-keys.ts';
import { type Findings, quote } from './findings.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/** Parses one line and reports problems in its encoding and JSON. Undefined if the line is blank or not JSON. */
export function parseLine(bytes: Buffer, lineNumber: number, findings: Findings): unknown {
  if (!isUtf8(bytes)) {
    const position = firstInvalidByte(bytes);
    const byte = bytes[position]!.toString(16).padStart(2, '0');
    findings.add('not-utf8', lineNumber, `Byte 0x${byte} at position ${position} of the line is not UTF-8.`);
  }
  let text = bytes.toString('utf8');
  if (lineNumber === 1 && text.startsWith(BYTE_ORDER_MARK)) {
    findings.add('byte-order-mark', 1, 'The file starts with a byte order mark.');
    text = text.slice(1);
  }
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { offset, expected } = findJsonProblem(text)!;
    findings.add('not-json', lineNumber, `Expected ${expected} at column ${offset + 1}.`);
    return undefined;
  }
  for (const key of findDuplicateKeys(text)) {
    findings.add('duplicate-key', lineNumber, `An object has the key ${quote(key)} twice.`);
  }
  return value;
}

/**
 * Finds the first byte that decoding and encoding again would change, because decoding replaces invalid bytes with
 * U+FFFD. It may be a later byte of the same broken character.
 */
function firstInvalidByte(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'), 'utf8');
  const position = bytes.findIndex((byte, index) => byte !== again[index]);
  return position === -1 ? bytes.length - 1 : position;
}
