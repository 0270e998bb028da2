import { isDeepStrictEqual } from 'node:util';
import { AloeError } from '../../src/errors.ts';

/** A reader of foreign bytes, and inputs it accepts, from which others are made. */
export interface FuzzTarget {
  readonly name: string;
  readonly inputs: readonly Buffer[];
  /** Whether the reader accepts the input. Throws if it neither accepts nor refuses it with an AloeError. */
  readonly read: (input: Buffer) => Promise<boolean>;
}

/** The value, or undefined if the reader refuses the input as it should: with an AloeError. */
export async function valueOrRefusal<Value>(
  reading: () => Value | Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await reading();
  } catch (error) {
    if (AloeError.isInstance(error)) return undefined;
    throw error;
  }
}

/** @throws Error if what comes back from a file is not what was written. */
export function checkSame(name: string, written: unknown, read: unknown): void {
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(written)))) {
    throw new Error(`${name}: what was saved is read back as something else`);
  }
}

/** Whether at least one of several readings accepts its input. */
export async function anyAccepts(...readings: readonly (() => unknown)[]): Promise<boolean> {
  let accepted = false;
  for (const reading of readings) {
    const outcome = await valueOrRefusal(async () => ({ value: await reading() }));
    accepted ||= outcome !== undefined;
  }
  return accepted;
}
