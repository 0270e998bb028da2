import { InvalidOptionError } from '../errors.ts';

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

const EXAMPLE = 'a URL such as http://localhost:8000/v1';

/**
 * The base URL that a client with these options will use. An empty environment variable counts as none.
 *
 * @throws InvalidOptionError when it is no http or https URL.
 */
export function resolveBaseUrl(baseUrl?: string): string {
  const url = (baseUrl ?? (process.env.OPENAI_BASE_URL || OPENAI_BASE_URL)).replace(/\/+$/, '');
  if (!isHttpUrl(url)) throw new InvalidOptionError('baseUrl', EXAMPLE, url);
  return url;
}

/**
 * The URL of a server.
 *
 * @throws InvalidOptionError naming `option` when it is no http or https URL, or holds credentials: those belong
 * where they are kept out of ids, handles and messages.
 */
export function parseServerUrl(option: string, value: string, example: string = EXAMPLE): URL {
  if (typeof value !== 'string' || !isHttpUrl(value)) throw new InvalidOptionError(option, example, value);
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') {
    throw new InvalidOptionError(option, 'a URL without credentials', value, {
      hint: 'Pass them as an API key or as headers.',
    });
  }
  return url;
}

/** A URL below a base URL, whose query it keeps. */
export function appendPath(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}

/** Host and path of a base URL, without credentials: what may stand in a model's id. */
export function describeBaseUrl(baseUrl: string | URL): string {
  const { host, pathname } = new URL(baseUrl);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}

/** `localhost:8000` is a URL too, of the scheme "localhost". */
function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
