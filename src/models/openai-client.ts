import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { MissingKeyError } from '../errors.ts';
import { OPENAI_BASE_URL, resolveBaseUrl } from '../http/base-url.ts';
import { pooledFetch } from '../http/pooled-fetch.ts';
import { headersOf } from '../http/response-headers.ts';
import { findTransportError, TransportError } from '../http/transport-error.ts';
import { registerSecret } from '../redact.ts';
import { failedTransport, refusedCall, timedOut, unusableResponse } from './call-failures.ts';

/** How to reach OpenAI or a compatible server through the `openai` package. */
export interface OpenAIClientOptions {
  /** API key. Default: the environment variable OPENAI_API_KEY, read at the first call. */
  readonly apiKey?: string | undefined;
  /** Base URL of a compatible server, including `/v1`. Default: the environment variable OPENAI_BASE_URL, else OpenAI. */
  readonly baseUrl?: string | undefined;
  /** Time limit of one call, in milliseconds. Default 600,000. */
  readonly timeoutMs?: number | undefined;
  /** Maximum number of sockets to the server. Further calls wait for a free one. Default 1,024. */
  readonly maxSockets?: number | undefined;
}

/** Size limit of a response. Enough for a few thousand vectors. */
const DEFAULT_MAX_RESPONSE_BYTES = 256 * 2 ** 20;

/**
 * A client that sends each request once, over the shared connection pool. Retries are up to the run.
 *
 * @throws MissingKeyError if there is no key for OpenAI. Other servers may not need one.
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
