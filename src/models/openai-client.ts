import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { MissingKeyError } from '../errors.ts';
import { appendPath, isOpenAI, ownsEnvironmentKey, resolveBaseUrl } from '../http/base-url.ts';
import { pooledFetch } from '../http/pooled-fetch.ts';
import { requestHeaders } from '../http/request-headers.ts';
import { headersOf } from '../http/response-headers.ts';
import { findTransportError, TransportError } from '../http/transport-error.ts';
import { failedTransport, refusedCall, timedOut, unusableResponse } from './call-failures.ts';

/** How to reach OpenAI or a compatible server through the `openai` package. */
export interface OpenAIClientOptions {
  /**
   * API key. Default for OpenAI and for the server in OPENAI_BASE_URL: the environment variable OPENAI_API_KEY, read at
   * the first call. Default for any other server: none, so that a key does not reach a server it was not meant for.
   */
  readonly apiKey?: string | undefined;
  /** Base URL of a compatible server, including `/v1`. A query string is kept. Default: the environment variable OPENAI_BASE_URL, else OpenAI. */
  readonly baseUrl?: string | undefined;
  /** Time limit of one call, in milliseconds. Default 600,000. */
  readonly timeoutMs?: number | undefined;
  /** Maximum number of sockets to the server. Further calls wait for a free one. Default 1,024. */
  readonly maxSockets?: number | undefined;
}

/** Size limit of a response. Enough for a few thousand vectors. */
const DEFAULT_MAX_RESPONSE_BYTES = 256 * 2 ** 20;

/** Stands for no key in the `openai` package, which does not start without one. It is not sent. */
const NO_KEY = 'none';

/** Headers that the `openai` package makes itself. It takes others from OPENAI_CUSTOM_HEADERS. */
const PACKAGE_HEADERS = /^(?:accept|content-type|user-agent|x-stainless-.*)$/;

/**
 * A client that sends each request once, over the shared connection pool. Retries are up to the run. Keys and headers of
 * the environment are sent to OpenAI and to OPENAI_BASE_URL only.
 *
 * @throws MissingKeyError if there is no key for OpenAI. Other servers may not need one. InvalidOptionError if the key
 * cannot be sent as a header.
 */
export function createOpenAIClient(
  options: OpenAIClientOptions = {},
  maxResponseBytes: number = DEFAULT_MAX_RESPONSE_BYTES,
): OpenAI {
  const baseURL = resolveBaseUrl(options.baseUrl);
  const environmentIsMeant = ownsEnvironmentKey(baseURL);
  const apiKey = options.apiKey ?? (environmentIsMeant ? process.env.OPENAI_API_KEY : undefined);
  if (!apiKey && isOpenAI(baseURL)) throw new MissingKeyError('OpenAI', 'OPENAI_API_KEY');
  const server = appendPath(new URL(baseURL), '');
  const { authorization } = requestHeaders(server, { apiKey });
  // Kept from the package, which would change it: repeated names, encodings.
  const { search } = server;
  server.search = '';
  server.hash = '';
  const send = pooledFetch({ maxSockets: options.maxSockets, maxResponseBytes });

  function headersFrom(made: RequestInit['headers']): Headers {
    const headers = new Headers(made);
    if (headers.get('authorization') === `Bearer ${NO_KEY}`) headers.delete('authorization');
    if (environmentIsMeant) return headers;
    for (const name of [...headers.keys()]) if (!PACKAGE_HEADERS.test(name)) headers.delete(name);
    if (authorization !== undefined) headers.set('authorization', authorization);
    return headers;
  }

  return new OpenAI({
    apiKey: apiKey || NO_KEY,
    adminAPIKey: null,
    baseURL: server.href,
    timeout: options.timeoutMs ?? 600_000,
    maxRetries: 0,
    organization: null,
    project: null,
    webhookSecret: null,
    // OPENAI_LOG would print requests.
    logLevel: 'off',
    fetch: (url, init = {}) => send(`${url}${search}`, { ...init, headers: headersFrom(init.headers) }),
  });
}

/** Converts an error of the `openai` package. If the caller aborted, returns the signal's reason. */
export function toModelCallError(modelId: string, error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof APIUserAbortError) return error;
  const transport = findTransportError(error);
  if (transport !== undefined) return failedTransport(modelId, transport);
  if (error instanceof APIConnectionTimeoutError) return timedOut(modelId, error);
  if (error instanceof APIConnectionError) {
    return failedTransport(modelId, new TransportError('unreachable', error.message, error));
  }
  if (error instanceof APIError && error.status !== undefined) {
    const { status, message, code, type } = error;
    return refusedCall(modelId, status, { message, codes: [code, type] }, headersOf(error.headers), error);
  }
  if (error instanceof SyntaxError) {
    return unusableResponse(modelId, 'the response is not JSON.', error);
  }
  return error;
}
