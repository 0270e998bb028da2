import { connectionPool } from '../http/connection-pool.ts';
import { parseShallowJson } from '../http/json-depth.ts';
import { type HeaderReader, headersOf } from '../http/response-headers.ts';
import { sendRequest } from '../http/send-request.ts';
import { TransportError } from '../http/transport-error.ts';
import { failedTransport, type Refusal, readRefusal, unusableResponse } from './call-failures.ts';

/** One address of a JSON API, and how to reach it. */
export interface JsonEndpoint {
  /** Starts the message of every error. */
  readonly nameInErrors: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Maximum number of sockets to the server. */
  readonly maxSockets: number;
  /** From the wait for a socket to the last byte. */
  readonly timeoutMs: number;
  /** Default 16 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/** What a server answered: the parsed body, or why it refused. */
export type JsonAnswer = { readonly header: HeaderReader } & (
  | { readonly body: unknown; readonly refusal?: undefined }
  | { readonly status: number; readonly refusal: Refusal }
);

/**
 * Sends one request and reads the whole answer. It is not retried.
 *
 * @param body A value, or its JSON.
 *
 * @throws ModelCallError if there is no answer, or a success that is not JSON. On abort, the signal's reason.
 */
export async function postJson(
  { nameInErrors, url, headers, maxSockets, timeoutMs, maxResponseBytes }: JsonEndpoint,
  body: object | string,
  signal: AbortSignal | undefined,
): Promise<JsonAnswer> {
  try {
    const answer = await sendRequest(connectionPool(url.origin, { maxSockets }), {
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal,
      timeoutMs,
      maxResponseBytes,
    });
    const header = headersOf(answer.headers);
    if (answer.status >= 300) return { header, status: answer.status, refusal: readRefusal(answer.text) };
    return { header, body: answer.text === '' ? null : parseShallowJson(answer.text) };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof TransportError) throw failedTransport(nameInErrors, error);
    if (error instanceof SyntaxError)
      throw unusableResponse(nameInErrors, 'the response is not JSON.', error);
    throw error;
  }
}
