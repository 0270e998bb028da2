import { AloeError, sentence } from '../errors.ts';
import { redact } from '../redact.ts';
import { messageOf } from './message-of.ts';

/** An error as a result records it. `unknown` is the code of errors from outside this library. */
export function describeError(error: unknown): { readonly code: string; readonly message: string } {
  if (AloeError.isInstance(error)) return { code: error.code, message: error.message };
  return { code: 'unknown', message: redact(messageOf(error)) };
}

/** An error in words, as a sentence for a person: without the name of its class. */
export function errorSentence(error: unknown): string {
  return sentence(describeError(error).message);
}
