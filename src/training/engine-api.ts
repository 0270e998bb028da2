import { FormData } from 'undici';
import type { z } from 'zod';
import { TrainingError } from '../errors.ts';
import { appendPath, parseServerUrl } from '../http/base-url.ts';
import { connectionPool } from '../http/connection-pool.ts';
import { parseShallowJson } from '../http/json-depth.ts';
import { type Credentials, requestHeaders } from '../http/request-headers.ts';
import { headersOf, retryAfterMs } from '../http/response-headers.ts';
import { sendRequest, type WholeResponse } from '../http/send-request.ts';
import { TransportError, type TransportFailure } from '../http/transport-error.ts';
import { checkNumber } from '../internal/options.ts';
import { sleep } from '../internal/sleep.ts';
import { readRefusal, shortened } from '../models/call-failures.ts';

/** What every backend with an HTTP API takes. */
export interface EngineApiOptions extends Credentials {
  /** How long an answer may take, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** The same for data that is sent. Default 3,600,000 (an hour). */
  readonly uploadTimeoutMs?: number | undefined;
}

export interface EngineCall {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the server's URL, with its slashes as the engine wants them. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Data sent as it is. */
  readonly data?: Uint8Array | FormData | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default 16 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/** The HTTP API of an engine. */
export interface EngineApi {
  /** The backend's name, for errors. */
  readonly backend: string;
  /** The server's URL without its query, which may hold a key: what handles keep. */
  readonly url: URL;
  /** The URL of a call as a preview shows it, without the server's query as well. */
  locate(call: Pick<EngineCall, 'path'>): string;
  /** The answer, also one that is a refusal. @throws TrainingError when there is none; the signal's reason. */
  call(call: EngineCall): Promise<WholeResponse>;
  /** What a success says. @throws TrainingError for any other answer, or one of another shape; the signal's reason. */
  read<Value>(schema: z.ZodType<Value>, call: EngineCall): Promise<Value>;
  /** An answer's content. @throws TrainingError when it is a refusal or has another shape. */
  parse<Value>(schema: z.ZodType<Value>, response: WholeResponse): Value;
  /** @throws TrainingError when the answer is a refusal. */
  expectSuccess(response: WholeResponse): void;
}

const RETRIES = 3;
const BASE_DELAY_MS = 250;
const MAX_DELAY_MS = 60_000;
const PASSING: ReadonlySet<TransportFailure> = new Set(['unreachable', 'broken-off']);

/**
 * Calls an engine on the pool: no redirect is followed, so that a key goes nowhere else. What only reads is asked
 * again, up to three times, when the failure may pass (no connection, 429, 5xx); what changes something is sent once.
 *
 * @throws InvalidOptionError for a bad URL, header or time.
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
  const { 'content-type': contentType, ...headers } = requestHeaders(options);
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
      // A form brings its own type, with the boundary in it.
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
      `the answer is not what this API gives (${issue?.path.join('.') || 'all of it'}: ${issue?.message}).`,
      { hint: WRONG_URL },
    );
  }

  return {
    backend,
    url,
    locate: ({ path }) => appendPath(url, path).href,
    call,
    parse,
    expectSuccess,
    read: async (schema, request) => parse(schema, await call(request)),
  };
}

const WRONG_URL = 'Check that the URL is that of the API.';

function refused(backend: string, { status, headers, text }: WholeResponse): TrainingError {
  const { message } = readRefusal(text);
  return new TrainingError(backend, shortened(`${status} ${message}`), {
    hint: statusHint(status, headers.location),
  });
}

function statusHint(status: number, location: string | undefined): string | undefined {
  if (status >= 300 && status < 400) {
    const target = location ? ` (${location.slice(0, 200)})` : '';
    return `The server points to another place${target}; redirects are not followed. Give that server's URL.`;
  }
  if (status === 401 || status === 403) return 'Check the key and what it may do.';
  return status === 404 ? WRONG_URL : undefined;
}

function notAnswered(backend: string, url: URL, error: TransportError): TrainingError {
  const unreachable = error.failure === 'unreachable';
  return new TrainingError(
    backend,
    `${url.host} ${unreachable ? 'cannot be reached' : 'gave no whole answer'} (${error.message}).`,
    { cause: error, hint: unreachable ? 'Check the URL, that the server runs, and the network.' : undefined },
  );
}

function parseJson(backend: string, text: string): unknown {
  try {
    return parseShallowJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TransportError)) throw error;
    throw new TrainingError(backend, `the server answered with something that is not JSON.`, {
      cause: error,
      hint: WRONG_URL,
    });
  }
}
