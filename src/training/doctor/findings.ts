import { AloeError } from '../../errors.ts';
import { redact } from '../../redact.ts';
import type { Finding } from '../training-backend.ts';

/** A finding without a problem. */
export function ok(check: string, message: string): Finding {
  // What a server or a program said may stand in it.
  return { check, level: 'ok', message: redact(message), remedy: null };
}

/** A finding that does not stop the job. */
export function warning(check: string, message: string, remedy: string): Finding {
  return { check, level: 'warning', message: redact(message), remedy };
}

/** A finding that would make the job fail. */
export function problem(check: string, message: string, remedy: string): Finding {
  return { check, level: 'error', message: redact(message), remedy };
}

/** Runs a check and reports an error of this library as a finding. An abort is thrown, not reported. */
export async function findingsOf(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!AloeError.isInstance(error)) throw error;
    return [{ check, level: 'error', message: error.message, remedy: error.hint ?? null }];
  }
}
