import { InvalidOptionError } from '../errors.ts';
import { registerUrlSecrets, withoutCredentials } from '../redact.ts';

/** Base URL of OpenAI itself. */
export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

const EXAMPLE = 'a URL such as http://localhost:8000/v1';

/**
 * The base URL a client will use: the given one, else OPENAI_BASE_URL, else OpenAI's. An empty environment variable
 * counts as unset.
 *
 * @throws InvalidOptionError if it is not an http or https URL, or contains credentials.
 */
export function resolveBaseUrl(baseUrl?: string): string {
  const fromEnvironment = process.env.OPENAI_BASE_URL;
  const url = baseUrl ?? (fromEnvironment || OPENAI_BASE_URL);
  parseServerUrl(baseUrl === undefined && fromEnvironment ? 'OPENAI_BASE_URL' : 'baseUrl', url);
  return withoutEndSlash(url);
}

/** Whether the environment's OPENAI_API_KEY belongs to a server: it is OpenAI, or the one in OPENAI_BASE_URL. */
export function ownsEnvironmentKey(baseUrl: string): boolean {
  const { OPENAI_BASE_URL: own = '' } = process.env;
  if (isHttpUrl(own) && withoutEndSlash(new URL(own).href) === withoutEndSlash(new URL(baseUrl).href))
    return true;
  return isOpenAI(baseUrl);
}

/** Whether a server is OpenAI itself, in any of its regions. */
export function isOpenAI(baseUrl: string): boolean {
  return /^https:\/\/(?:[a-z]+\.)?api\.openai\.com$/.test(new URL(baseUrl).origin);
}

/**
 * Parses a server's URL. Credentials in it are refused, since the URL appears in handles and messages. Values of its query
 * are registered as secrets.
 *
 * @param option Name of the option, for the error.
 * @throws InvalidOptionError if it is not an http or https URL, or contains credentials.
 */
export function parseServerUrl(option: string, value: string, example: string = EXAMPLE): URL {
  if (typeof value !== 'string') throw new InvalidOptionError(option, example, value);
  registerUrlSecrets(value);
  if (!isHttpUrl(value)) throw new InvalidOptionError(option, example, withoutCredentials(value));
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') {
    throw new InvalidOptionError(option, 'a URL without credentials', withoutCredentials(value), {
      hint: 'Pass them as an API key or as headers.',
    });
  }
  return url;
}

/** Appends a path to a base URL and keeps its query string. */
export function appendPath(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}

/** Host and path of a base URL, without credentials, for use in a model's id. */
export function describeBaseUrl(baseUrl: string | URL): string {
  const { host, pathname } = new URL(baseUrl);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}

function withoutEndSlash(url: string): string {
  return url.includes('?') ? url : url.replace(/\/+$/, '');
}

/** `URL.canParse` alone accepts `localhost:8000`, as a URL with the scheme "localhost". */
function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
