import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { TransportError } from './transport-error.ts';

/** A request whose response is read bit by bit. */
export interface StreamRequest {
  readonly origin: string;
  /** Path and query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Longest time without a byte, in milliseconds. */
  readonly idleMs: number;
}

/** A response whose body is still to come. */
export interface StreamedResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Throws TransportError if the connection is lost; on abort, the signal's reason. Leaving the loop closes the socket. */
  readonly body: AsyncIterable<Buffer>;
}

/**
 * Sends a GET and returns once the headers are there. For files that may be larger than memory. Redirects are not
 * followed.
 *
 * @throws TransportError if there is no response. On abort, the signal's reason.
 */
export async function streamResponse(
  dispatcher: Dispatcher,
  request: StreamRequest,
): Promise<StreamedResponse> {
  const { origin, path, signal, idleMs } = request;
  const headers = { ...request.headers, 'accept-encoding': 'identity' };
  try {
    // Bun puts a package of its own in place of `undici`.
    if (typeof dispatcher.request !== 'function') {
      const response = await fetch(origin + path, { headers, redirect: 'manual', signal: signal ?? null });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers) as IncomingHttpHeaders,
        body: guarded(response.body ?? [], signal),
      };
    }
    const response = await dispatcher.request({
      origin,
      path,
      method: 'GET',
      headers,
      headersTimeout: idleMs,
      bodyTimeout: idleMs,
      ...(signal && { signal }),
    });
    return { status: response.statusCode, headers: response.headers, body: guarded(response.body, signal) };
  } catch (error) {
    throw failure(error, signal, 'unreachable');
  }
}

async function* guarded(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  } catch (error) {
    throw failure(error, signal, 'broken-off');
  }
}

const TIMED_OUT: ReadonlySet<string | undefined> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

function failure(
  error: unknown,
  signal: AbortSignal | undefined,
  otherwise: 'unreachable' | 'broken-off',
): unknown {
  if (signal?.aborted) return signal.reason;
  const { code, message } = error as NodeJS.ErrnoException;
  const what = TIMED_OUT.has(code) ? 'timeout' : code === 'ECONNREFUSED' ? 'unreachable' : otherwise;
  return new TransportError(what, code ?? message, error);
}
