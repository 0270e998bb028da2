import { validateHeaderName, validateHeaderValue } from 'node:http';
import { InvalidOptionError } from '../errors.ts';
import { registerEnvironment, registerSecret } from '../redact.ts';
import { warnOfPlainHttp } from './plain-http.ts';

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

/** Other headers are not secret. An ordinary word among them would be removed from every text. */
const SECRET_HEADER = /key|token|auth|secret|cookie|password/i;

/** Looks like a key, whatever the header is called. */
const LIKE_A_KEY = /^(?=.*\d)(?=.*[a-z])[\w.~+/=-]{20,}$/i;

/**
 * Builds the headers for a JSON API, with names in lower case. Secrets in them are registered, so that errors and other
 * texts never contain them. A key for another machine over plain http causes a warning.
 *
 * @throws InvalidOptionError if a header is invalid.
 */
export function requestHeaders(server: URL, { apiKey, headers = {} }: Credentials): Record<string, string> {
  registerEnvironment();
  const sent: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (apiKey) {
    registerSecret(apiKey);
    sent.authorization = `Bearer ${apiKey}`;
  }
  for (const [name, value] of Object.entries(headers)) {
    sent[name.toLowerCase()] = value;
    if (SECRET_HEADER.test(name) || LIKE_A_KEY.test(value)) registerHeader(value);
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
  if (Object.keys(sent).some((name) => SECRET_HEADER.test(name))) warnOfPlainHttp(server);
  return sent;
}

/** Registers a header's value as a whole, the key after a scheme such as `Bearer`, and what stands in a cookie. */
function registerHeader(value: string): void {
  registerSecret(value);
  registerSecret(value.replace(/^\s*\w+\s+/, ''));
  for (const [, part] of value.matchAll(/=([^;]+)/g)) registerSecret(part!);
  const basic = /^\s*basic\s+(\S+)/i.exec(value)?.[1];
  if (basic !== undefined) {
    const login = Buffer.from(basic, 'base64').toString();
    registerSecret(login);
    registerSecret(login.slice(login.indexOf(':') + 1));
  }
}
