import { ModelCallError } from '../errors.ts';
import { parseShallowJson } from '../http/json-depth.ts';
import { isRedirect, redirectHint } from '../http/redirect-hint.ts';
import { type HeaderReader, rateLimit, retryAfterMs } from '../http/response-headers.ts';
import type { TransportError } from '../http/transport-error.ts';
import { redactedStart } from '../redact.ts';
import { believedWaitMs } from './asked-wait.ts';

/** A server's error response. */
export interface Refusal {
  readonly message: string;
  /** The API's `code` and `type`, such as `insufficient_quota`. */
  readonly codes: readonly unknown[];
}

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** The error for a response with a status other than 2xx. */
export function refusedCall(
  modelId: string,
  status: number,
  { message, codes }: Refusal,
  header: HeaderReader,
  cause?: unknown,
): ModelCallError {
  return new ModelCallError(modelId, shortened(`${status} ${message.replace(`${status} `, '')}`), {
    status,
    retryable: mayPass(status, codes),
    retryAfterMs: believedWaitMs(status, retryAfterMs(header)),
    rateLimit: rateLimit(header),
    hint: isQuotaUsedUp(codes) ? NO_QUOTA : statusHint(status, header('location')),
    cause,
  });
}

const NO_QUOTA = 'The account has no quota left.';

function isQuotaUsedUp(codes: Refusal['codes']): boolean {
  return codes.includes('insufficient_quota');
}

function mayPass(status: number, codes: Refusal['codes']): boolean {
  return !isQuotaUsedUp(codes) && (RETRYABLE_STATUS.has(status) || status >= 500);
}

/** Whether a content filter refused the prompt, by the parsed body of the response. */
export function isFiltered(body: unknown): boolean {
  return refusalIn(body).codes.includes('content_filter');
}

function statusHint(status: number, location: string | null | undefined): string | undefined {
  if (isRedirect(status)) return redirectHint(location, 'Use the final address as the base URL.');
  if (status === 401 || status === 403) return KEY_HINT;
  if (status === 404) return 'Check the model name and the base URL.';
  return undefined;
}

const KEY_HINT =
  'Check the API key and its permissions. OPENAI_API_KEY goes to OpenAI and OPENAI_BASE_URL only; for another server, pass { apiKey } (on the command line: --key-env, or keyEnv in the config).';

const MAX_MESSAGE = 500;

/** Characters of a response that are read for the message. It may be a whole web page. */
const MAX_PAGE = 20_000;

/** Shortens a server's message and strips HTML tags. Removes secrets first, since half a key would not be recognised. */
export function shortened(message: string): string {
  const text = redactedStart(message, MAX_PAGE)
    .replace(/<(style|script)\b[^<]*<\/\1>/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

/**
 * Parses the body of an error response: OpenAI's `{ error }`, the variants of other servers, or any text. JSON that is
 * nested too deeply counts as text.
 */
export function readRefusal(body: string): Refusal {
  let value: unknown;
  try {
    value = parseShallowJson(body);
  } catch {
    return { message: body.trim() || '(no body)', codes: [] };
  }
  const { message, codes } = refusalIn(value);
  return { message: message ?? body, codes };
}

/** The error in the parsed body of a response. Its message is undefined if there is none. */
export function refusalIn(body: unknown): Pick<Refusal, 'codes'> & { readonly message: string | undefined } {
  const outer = asRecord(body);
  const error = typeof outer.error === 'string' ? { message: outer.error } : asRecord(outer.error ?? outer);
  const message = [error.message, error.detail].find(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  return { message, codes: [error.code, error.type] };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The error for a call that failed in transport. */
export function failedTransport(modelId: string, error: TransportError): ModelCallError {
  const { failure, message } = error;
  switch (failure) {
    case 'unreachable':
      return new ModelCallError(modelId, `the server cannot be reached (${message}).`, {
        retryable: true,
        hint: 'Check the base URL, the network, and that the server is running.',
        cause: error,
      });
    case 'broken-off':
      return new ModelCallError(modelId, `the connection was lost (${message}).`, {
        retryable: true,
        cause: error,
      });
    case 'timeout':
      return timedOut(modelId, error);
    default:
      // Too large, too deep or encoded: this server's next response would be no better.
      return new ModelCallError(modelId, `${message}.`, {
        retryable: false,
        hint: NOT_AN_API,
        cause: error,
      });
  }
}

/** The error for a call that ran into its time limit. */
export function timedOut(modelId: string, cause: unknown): ModelCallError {
  return new ModelCallError(modelId, 'the server did not answer in time.', {
    retryable: true,
    hint: 'Raise timeoutMs of the model (on the command line: --timeout-ms), or check whether the server is overloaded.',
    cause,
  });
}

/**
 * The error for a successful response without a reply. Gateways answer so when the server behind them fails: the words
 * are in the body, and its status may be the code.
 */
export function withoutReply(modelId: string, body: unknown): ModelCallError {
  const { message, codes } = refusalIn(body);
  if (message === undefined) return unusableResponse(modelId, 'the response has no choices.');
  const status = codes.find((code) => typeof code === 'number' && code >= 400);
  return new ModelCallError(modelId, shortened(`the response is an error: ${message}`), {
    retryable: typeof status === 'number' ? mayPass(status, codes) : !isQuotaUsedUp(codes),
    hint: isQuotaUsedUp(codes) ? NO_QUOTA : undefined,
  });
}

/** The error for a successful response with an unusable body. */
export function unusableResponse(modelId: string, problem: string, cause?: unknown): ModelCallError {
  return new ModelCallError(modelId, problem, { retryable: true, hint: NOT_AN_API, cause });
}

const NOT_AN_API = 'Check that the base URL points to an OpenAI-compatible API.';
