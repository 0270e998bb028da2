import { MissingKeyError } from '../errors.ts';
import {
  appendPath,
  describeBaseUrl,
  isOpenAI,
  OPENAI_BASE_URL,
  ownsEnvironmentKey,
  resolveBaseUrl,
} from '../http/base-url.ts';
import { DEFAULT_MAX_SOCKETS } from '../http/connection-pool.ts';
import { requestHeaders } from '../http/request-headers.ts';
import { checkNumber } from '../internal/options.ts';
import type { JsonEndpoint } from './post-json.ts';
import { servedScalars } from './served-options.ts';

/** How to reach OpenAI or a compatible server. */
export interface OpenAIClientOptions {
  /**
   * API key. Default for OpenAI and for the server in OPENAI_BASE_URL: the environment variable OPENAI_API_KEY, read at
   * the first call. Default for any other server: none, so that a key does not reach a server it was not meant for.
   */
  readonly apiKey?: string | undefined;
  /** Base URL of a compatible server, including `/v1`. A query string is kept. Default: the environment variable OPENAI_BASE_URL, else OpenAI. */
  readonly baseUrl?: string | undefined;
  /** Time limit of one call in milliseconds, from the wait for a socket to the last byte. Default 600,000. */
  readonly timeoutMs?: number | undefined;
  /** Maximum number of sockets to the server. Further calls wait for a free one. Default 1,024. */
  readonly maxSockets?: number | undefined;
}

/** A server whose options are checked, and whose key is still to be read. */
export interface OpenAIServer {
  readonly baseUrl: string;
  /** Whether it is OpenAI at its usual address. */
  readonly official: boolean;
  /**
   * The address of an API of this server, with key and headers.
   *
   * @param id What is called there, for errors.
   * @throws MissingKeyError if there is no key for OpenAI. InvalidOptionError if the key cannot be sent as a header.
   */
  endpoint(id: string, path: string, maxResponseBytes?: number): JsonEndpoint;
}

/**
 * Checks how to reach a server. Key and headers of the environment are sent to OpenAI and to OPENAI_BASE_URL only.
 *
 * @throws InvalidOptionError if an option is invalid.
 */
export function openaiServer(options: OpenAIClientOptions): OpenAIServer {
  const timeoutMs = servedScalars.timeoutMs(options.timeoutMs, 'timeoutMs');
  const maxSockets = checkNumber('maxSockets', options.maxSockets ?? DEFAULT_MAX_SOCKETS, {
    min: 1,
    integer: true,
  });
  const baseUrl = resolveBaseUrl(options.baseUrl);
  const official = baseUrl === OPENAI_BASE_URL;
  return {
    baseUrl,
    official,
    endpoint(id, path, maxResponseBytes) {
      const environmentIsMeant = ownsEnvironmentKey(baseUrl);
      const apiKey = options.apiKey ?? (environmentIsMeant ? process.env.OPENAI_API_KEY : undefined);
      if (!apiKey && isOpenAI(baseUrl)) throw new MissingKeyError('OpenAI', 'OPENAI_API_KEY');
      const server = new URL(baseUrl);
      const headers = environmentIsMeant ? environmentHeaders() : {};
      return {
        nameInErrors: official ? id : `${id} at ${describeBaseUrl(baseUrl)}`,
        url: appendPath(server, path),
        headers: requestHeaders(server, { apiKey, headers }),
        maxSockets,
        timeoutMs,
        maxResponseBytes,
      };
    },
  };
}

/** The headers in OPENAI_CUSTOM_HEADERS, one a line, as the `openai` package reads them. */
function environmentHeaders(): Record<string, string> {
  const lines = (process.env.OPENAI_CUSTOM_HEADERS ?? '').split('\n').filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}
