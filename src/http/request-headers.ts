import { validateHeaderName, validateHeaderValue } from 'node:http';
import { InvalidOptionError } from '../errors.ts';
import { registerSecret } from '../redact.ts';

/** How to authenticate at a server. */
export interface Credentials {
  /**
   * API key, sent as a bearer token. Default: none. No environment variable is read, so a key cannot reach the wrong
   * server by accident.
   */
  readonly apiKey?: string | undefined;
  /** Additional headers of every request. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Builds the headers for a JSON API, with names in lower case. Secrets in them are registered, so that errors and other
 * texts never contain them.
 *
 * @throws InvalidOptionError if a header is invalid.
 */
export function requestHeaders({ apiKey, headers = {} }: Credentials): Record<string, string> {
  const sent: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (apiKey) {
    registerSecret(apiKey);
    sent.authorization = `Bearer ${apiKey}`;
  }
  for (const [name, value] of Object.entries(headers)) {
    sent[name.toLowerCase()] = value;
    // Other values are not secret. An ordinary word among them would be removed from every text.
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
