import { FormData } from 'undici';
import type * as z from 'zod';
import { TrainingError } from '../../errors.ts';
import { appendPath, parseServerUrl } from '../../http/base-url.ts';
import { connectionPool } from '../../http/connection-pool.ts';
import { parseShallowJson } from '../../http/json-depth.ts';
import { isRedirect, redirectHint } from '../../http/redirect-hint.ts';
import { type Credentials, requestHeaders } from '../../http/request-headers.ts';
import { headersOf, retryAfterMs } from '../../http/response-headers.ts';
import { sendRequest } from '../../http/send-request.ts';
import { type StreamedResponse, streamResponse } from '../../http/stream-response.ts';
import { TransportError, type TransportFailure } from '../../http/transport-error.ts';
import type { WholeResponse } from '../../http/whole-request.ts';
import { checkNumber } from '../../internal/options.ts';
import { sleep } from '../../internal/sleep.ts';
import { readRefusal, shortened } from '../../models/call-failures.ts';

/** Options of every backend with an HTTP API. */
export interface EngineApiOptions extends Credentials {
  /** Timeout for a response, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Timeout for an upload, in milliseconds. Default 3,600,000 (an hour). */
  readonly uploadTimeoutMs?: number | undefined;
}

/** The names of {@link EngineApiOptions}, for backends that refuse unknown options. */
export const API_OPTION_NAMES: Readonly<Record<keyof EngineApiOptions, true>> = {
  apiKey: true,
  headers: true,
  timeoutMs: true,
  uploadTimeoutMs: true,
};

/** A request to an engine's API. */
export interface EngineCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the server's URL. Slashes are sent exactly as given. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as is. */
  readonly data?: Uint8Array | FormData | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Largest response that is read. Default 16 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/** A request for a stream of events. */
export interface EngineStream extends Pick<EngineCall, 'path' | 'signal'> {
  /** Longest time without a byte, in milliseconds. */
  readonly idleMs: number;
}

/** The HTTP API of an engine. */
export interface EngineApi {
  /** The backend's name, for error messages. */
  readonly backend: string;
  /** The server's URL as handles store it: without its query, which may hold a key. */
  readonly url: URL;
  /** The URL of a call as a preview shows it, also without the query. */
  locate(call: Pick<EngineCall, 'path'>): string;
  /** The response, whatever its status. @throws TrainingError when there is none; the signal's reason when aborted. */
  call(call: EngineCall): Promise<WholeResponse>;
  /**
   * The body of a successful response.
   *
   * @throws TrainingError for an error status or an unexpected body; the signal's reason when aborted.
   */
  read<Value>(schema: z.ZodType<Value>, call: EngineCall): Promise<Value>;
  /** A response whose body is read bit by bit, whatever its status. Sent once. @throws TrainingError when there is none. */
  stream(call: EngineStream): Promise<StreamedResponse>;
  /** The body of a response. @throws TrainingError for an error status or an unexpected body. */
  parse<Value>(schema: z.ZodType<Value>, response: WholeResponse): Value;
  /** @throws TrainingError for an error status. */
  expectSuccess(response: WholeResponse): void;
}

const RETRIES = 3;
const BASE_DELAY_MS = 250;
const MAX_DELAY_MS = 60_000;
const PASSING: ReadonlySet<TransportFailure> = new Set(['unreachable', 'broken-off']);

/**
 * Calls an engine's HTTP API. Redirects are not followed, so that a key never reaches another server. GET requests are
 * retried up to three times on transient errors (no connection, 429, 5xx). Requests that change something are sent once.
 *
 * @throws InvalidOptionError for an invalid URL, header or timeout.
 */
export function engineApi(
  backend: string,
  given: { readonly option: string; readonly url: string; readonly example: string },
  options: EngineApiOptions,
): EngineApi {
  const server = parseServerUrl(given.option, given.url, given.example);
  const url = new URL(server);
  url.search = '';
  url.hash = '';
  const { 'content-type': contentType, ...headers } = requestHeaders(server, options);
  const timeoutMs = checkNumber('timeoutMs', options.timeoutMs ?? 60_000, { min: 1, max: 2 ** 31 - 1 });
  const uploadTimeoutMs = checkNumber('uploadTimeoutMs', options.uploadTimeoutMs ?? 3_600_000, {
    min: 1,
    max: 2 ** 31 - 1,
  });

  function send(call: EngineCall): Promise<WholeResponse> {
    const { method, path, query = {}, json, data, signal, maxResponseBytes } = call;
    const target = appendPath(server, path);
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    const type = data === undefined ? contentType! : 'application/octet-stream';
    return sendRequest(connectionPool(target.origin), {
      origin: target.origin,
      path: target.pathname + target.search,
      method,
      // A form sets its own content type, with the boundary.
      headers: data instanceof FormData ? headers : { ...headers, 'content-type': type },
      body: data ?? (json === undefined ? null : JSON.stringify(json)),
      signal,
      timeoutMs: data === undefined ? timeoutMs : uploadTimeoutMs,
      maxResponseBytes,
    });
  }

  async function call(request: EngineCall): Promise<WholeResponse> {
    for (let failures = 0; ; failures++) {
      const lastTry = request.method !== 'GET' || failures === RETRIES;
      let waitMs = BASE_DELAY_MS * 2 ** failures;
      try {
        const response = await send(request);
        if (lastTry || (response.status !== 429 && response.status < 500)) return response;
        waitMs = retryAfterMs(headersOf(response.headers)) ?? waitMs;
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        if (!(error instanceof TransportError)) throw error;
        if (lastTry || !PASSING.has(error.failure)) throw notAnswered(backend, url, error);
      }
      await sleep(Math.min(waitMs, MAX_DELAY_MS), request.signal);
    }
  }

  async function stream({ path, signal, idleMs }: EngineStream): Promise<StreamedResponse> {
    const target = appendPath(server, path);
    const request = {
      origin: target.origin,
      path: target.pathname + target.search,
      headers: { ...headers, accept: 'text/event-stream' },
      signal,
      idleMs,
    };
    try {
      return await streamResponse(connectionPool(target.origin), request);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      throw notAnswered(backend, url, error);
    }
  }

  function expectSuccess(response: WholeResponse): void {
    if (response.status < 200 || response.status >= 300) throw refused(backend, response);
  }

  function parse<Value>(schema: z.ZodType<Value>, response: WholeResponse): Value {
    expectSuccess(response);
    const parsed = schema.safeParse(parseJson(backend, response.text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new TrainingError(
      backend,
      `unexpected response (${issue?.path.join('.') || 'body'}: ${issue?.message}).`,
      { hint: WRONG_URL },
    );
  }

  return {
    backend,
    url,
    locate: ({ path }) => appendPath(url, path).href,
    call,
    stream,
    parse,
    expectSuccess,
    read: async (schema, request) => parse(schema, await call(request)),
  };
}

const WRONG_URL = 'Check that the URL points to the API.';

function refused(backend: string, { status, headers, text }: WholeResponse): TrainingError {
  const { message } = readRefusal(text);
  return new TrainingError(backend, shortened(`${status} ${message}`), {
    hint: statusHint(status, headers.location),
  });
}

function statusHint(status: number, location: string | undefined): string | undefined {
  if (isRedirect(status)) return redirectHint(location, 'Use the URL it points to.');
  if (status === 401 || status === 403) return 'Check the API key and its permissions.';
  return status === 404 ? WRONG_URL : undefined;
}

function notAnswered(backend: string, url: URL, error: TransportError): TrainingError {
  const unreachable = error.failure === 'unreachable';
  return new TrainingError(
    backend,
    `${url.host} ${unreachable ? 'cannot be reached' : 'did not respond completely'} (${error.message}).`,
    {
      cause: error,
      hint: unreachable ? 'Check the URL, the network, and that the server is running.' : undefined,
    },
  );
}

function parseJson(backend: string, text: string): unknown {
  try {
    return parseShallowJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TransportError)) throw error;
    throw new TrainingError(backend, 'the response is not JSON.', {
      cause: error,
      hint: WRONG_URL,
    });
  }
}
