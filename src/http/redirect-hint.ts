import { redactedStart, withoutCredentials } from '../redact.ts';

/** Whether a status sends the client to another address. Redirects are never followed, so that no key gets there. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/**
 * What to do about a redirect.
 *
 * @param location The header with the new address, if there is one.
 * @param remedy What to do, in a sentence.
 */
export function redirectHint(location: string | null | undefined, remedy: string): string {
  const target = location ? ` (${redactedStart(withoutCredentials(location), 200)})` : '';
  return `The server redirects${target}, and redirects are not followed. ${remedy}`;
}
