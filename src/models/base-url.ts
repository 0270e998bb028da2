import { InvalidOptionError } from '../errors.ts';

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

/**
 * The base URL that a client with these options will use. An empty environment variable counts as none.
 *
 * @throws InvalidOptionError when it is no http or https URL.
 */
export function resolveBaseUrl(baseUrl?: string): string {
  const url = (baseUrl ?? (process.env.OPENAI_BASE_URL || OPENAI_BASE_URL)).replace(/\/+$/, '');
  // `localhost:8000` is a URL too, of the scheme "localhost".
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new InvalidOptionError('baseUrl', 'a URL such as http://localhost:8000/v1', url);
  }
  return url;
}

/** Host and path of a base URL, without credentials: what may stand in a model's id. */
export function describeBaseUrl(baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}
