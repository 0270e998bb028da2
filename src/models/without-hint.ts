import type { ModelCallError } from '../errors.ts';

/** What happened, without the advice: for messages that quote several errors, or add advice of their own. */
export function withoutHint({ message, hint }: ModelCallError): string {
  return message.slice(0, hint === undefined ? undefined : -hint.length).trim();
}
