import { validateHeaderName, validateHeaderValue } from 'node:http';
import { InvalidOptionError } from '../errors.ts';
import { registerSecret } from '../redact.ts';

export interface Credentials {
  /** Sent as a bearer token. Default: none; no environment variable is read, so that no key meets a foreign server. */
  readonly apiKey?: string | undefined;
  /** Further headers of every request. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The headers of every request to a JSON API, names in lower case. Their secrets are registered, so that no text
 * repeats them.
 *
 * @throws InvalidOptionError when one cannot be a header.
 */
export function requestHeaders({ apiKey, headers = {} }: Credentials): Record<string, string> {
  const sent: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (apiKey) {
    registerSecret(apiKey);
    sent.authorization = `Bearer ${apiKey}`;
  }
  for (const [name, value] of Object.entries(headers)) {
    sent[name.toLowerCase()] = value;
    // What else a header holds is no secret, and would be removed from texts where it is a word.
    if (/key|token|auth|secret|cookie/i.test(name)) registerSecret(value);
  }
  for (const [name, value] of Object.entries(sent)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      const option = name === 'authorization' ? 'apiKey' : `headers.${name}`;
      throw new InvalidOptionError(option, 'a valid header', undefined);
    }
  }
  return sent;
}
