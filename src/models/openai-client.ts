import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { InvalidOptionError, MissingKeyError, ModelCallError } from '../errors.ts';
import { registerSecret } from '../internal/redact.ts';

export interface OpenAIClientOptions {
  /** Default: the environment variable OPENAI_API_KEY, read at the first call. */
  readonly apiKey?: string | undefined;
  /** Base URL of any compatible server, up to and with `/v1`. Default: OPENAI_BASE_URL, or OpenAI itself. */
  readonly baseUrl?: string | undefined;
  /** How long one answer may take, in milliseconds. Default 600,000. */
  readonly timeoutMs?: number | undefined;
}

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

/**
 * A client that sends each request once: retries are the run's.
 *
 * @throws MissingKeyError when OpenAI itself is called without a key. A server of one's own mostly needs none.
 */
export function createOpenAIClient(options: OpenAIClientOptions = {}): OpenAI {
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
  });
}

const RETRYABLE_STATUS = new Set([408, 409, 425, 429]);

/** Turns what the `openai` package throws into the library's error; the signal's reason when the caller aborted. */
export function toModelCallError(modelId: string, error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof APIUserAbortError) return error;
  if (error instanceof APIConnectionTimeoutError) {
    return new ModelCallError(modelId, 'the server did not answer in time.', {
      retryable: true,
      hint: 'Raise timeoutMs, or see whether the server is overloaded.',
      cause: error,
    });
  }
  if (error instanceof APIConnectionError) {
    return new ModelCallError(modelId, `the server cannot be reached (${rootMessage(error)}).`, {
      retryable: true,
      hint: 'Check the base URL, that the server runs, and the network.',
      cause: error,
    });
  }
  if (error instanceof APIError) return fromStatus(modelId, error);
  if (error instanceof TypeError && error.cause instanceof Error) {
    return new ModelCallError(modelId, `the connection broke off (${rootMessage(error)}).`, {
      retryable: true,
      cause: error,
    });
  }
  if (error instanceof SyntaxError) {
    return new ModelCallError(modelId, 'the server answered with something that is not JSON.', {
      retryable: true,
      hint: 'Check that the base URL is that of an OpenAI-compatible API.',
      cause: error,
    });
  }
  return error;
}

function fromStatus(modelId: string, error: APIError): ModelCallError {
  const status = error.status as number | undefined;
  const quotaUsedUp = error.code === 'insufficient_quota';
  const { message } = error;
  return new ModelCallError(modelId, message.length > 500 ? `${message.slice(0, 500)}…` : message, {
    status,
    retryable: status !== undefined && !quotaUsedUp && (RETRYABLE_STATUS.has(status) || status >= 500),
    retryAfterMs: retryAfterMs(error.headers as Headers | undefined),
    hint: quotaUsedUp ? 'The account has no quota left.' : statusHint(status),
    cause: error,
  });
}

function statusHint(status: number | undefined): string | undefined {
  if (status === 401 || status === 403) return 'Check the API key and what it may use.';
  if (status === 404) return 'Check the model name and the base URL.';
  return undefined;
}

/** Retry-After as milliseconds, seconds or a date. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const inMs = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(inMs)) return Math.max(0, inMs);
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function rootMessage(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause ? String(cause.code) : rootMessage(cause);
}
