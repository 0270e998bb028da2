import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { MissingKeyError } from '../errors.ts';
import { OPENAI_BASE_URL, resolveBaseUrl } from '../http/base-url.ts';
import { pooledFetch } from '../http/pooled-fetch.ts';
import { headersOf } from '../http/response-headers.ts';
import { findTransportError, TransportError } from '../http/transport-error.ts';
import { registerSecret } from '../redact.ts';
import { failedTransport, refusedCall, timedOut, uselessAnswer } from './call-failures.ts';

export interface OpenAIClientOptions {
  /** Default: the environment variable OPENAI_API_KEY, read at the first call. */
  readonly apiKey?: string | undefined;
  /** Base URL of any compatible server, up to and with `/v1`. Default: OPENAI_BASE_URL, or OpenAI itself. */
  readonly baseUrl?: string | undefined;
  /** How long one answer may take, in milliseconds. Default 600,000. */
  readonly timeoutMs?: number | undefined;
  /** Upper bound of sockets to the server; further calls wait for a free one. Default 1,024. */
  readonly maxSockets?: number | undefined;
}

/** Of an answer, in bytes. Enough for a few thousand vectors in one. */
const DEFAULT_MAX_RESPONSE_BYTES = 256 * 2 ** 20;

/**
 * A client that sends each request once, on the pool: retries are the run's.
 *
 * @throws MissingKeyError when OpenAI itself is called without a key. A server of one's own mostly needs none.
 */
export function createOpenAIClient(
  options: OpenAIClientOptions = {},
  maxResponseBytes: number = DEFAULT_MAX_RESPONSE_BYTES,
): OpenAI {
  const baseURL = resolveBaseUrl(options.baseUrl);
  const apiKey = options.apiKey ?? process.env.OPENAI_API_KEY;
  if (!apiKey && baseURL === OPENAI_BASE_URL) throw new MissingKeyError('OpenAI', 'OPENAI_API_KEY');
  if (apiKey) registerSecret(apiKey);
  return new OpenAI({
    apiKey: apiKey || 'none',
    baseURL,
    timeout: options.timeoutMs ?? 600_000,
    maxRetries: 0,
    organization: null,
    project: null,
    fetch: pooledFetch({ maxSockets: options.maxSockets, maxResponseBytes }),
  });
}

/** Turns what the `openai` package throws into the library's error; the signal's reason when the caller aborted. */
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
    return uselessAnswer(modelId, 'the response is not JSON.', error);
  }
  return error;
}
