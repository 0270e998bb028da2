import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher, FormData } from 'undici';
import { onAbort } from '../internal/on-abort.ts';
import { TransportError } from './transport-error.ts';

export interface WholeRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A form brings its own `content-type`; files in it are read as they are sent. */
  readonly body: string | Uint8Array | FormData | null;
  readonly signal?: AbortSignal | undefined;
  /** How long the answer may take, to its last byte, in milliseconds. Default: for ever. */
  readonly timeoutMs?: number | undefined;
  /** An answer with more is given up as soon as that is known. Default 16 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

export interface WholeResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export const MAX_RESPONSE_BYTES: number = 16 * 2 ** 20;

/**
 * Sends a request once and reads the whole answer. No redirect is followed: a 3xx is an answer like any other.
 *
 * @throws TransportError; the signal's reason on abort.
 */
export function sendRequest(dispatcher: Dispatcher, request: WholeRequest): Promise<WholeResponse> {
  return new Promise((resolve, reject) => {
    if (request.signal?.aborted) {
      reject(request.signal.reason);
      return;
    }
    const exchange = new Exchange(request, resolve, reject);
    dispatcher.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method,
        headers: { ...request.headers, 'accept-encoding': 'identity' },
        body: request.body,
        // One clock runs for the whole call, and its answer may take ten minutes to begin.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      exchange,
    );
  });
}

/** Written on undici's handlers and not on its streams: a whole answer needs none, and they cost as much as the rest. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (response: WholeResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #ignoreAbort: (() => void) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #ended = false;
  #bytes = 0;
  #status = 0;
  #headers: IncomingHttpHeaders = {};

  constructor(
    request: WholeRequest,
    resolve: (response: WholeResponse) => void,
    reject: (error: unknown) => void,
  ) {
    const { signal, timeoutMs } = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#maxBytes = request.maxResponseBytes ?? MAX_RESPONSE_BYTES;
    this.#ignoreAbort = signal && onAbort(signal, () => this.#fail(signal.reason));
    if (timeoutMs !== undefined) {
      const giveUp = () => this.#fail(new TransportError('timeout', `no answer within ${timeoutMs} ms`));
      this.#timer = setTimeout(giveUp, timeoutMs);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended) controller.abort(GIVEN_UP);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // 1xx: the answer itself is still to come.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
      this.#fail(
        new TransportError(
          'encoded',
          `the response has an unexpected content encoding (${String(encoding).slice(0, 40)})`,
        ),
      );
    } else if (Number(headers['content-length']) > this.#maxBytes) {
      this.#failTooLarge();
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#ended) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#failTooLarge();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#ended) return;
    this.#end();
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#bytes);
    const response = { status: this.#status, headers: this.#headers, text: withoutMark(body.toString()) };
    // undici frees the socket by a `setImmediate` of its own, set right after this. A caller who goes on before that would
    // open another one: twice as many sockets as calls.
    queueMicrotask(() => setImmediate(this.#resolve, response));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const failure = this.#controller === undefined ? 'unreachable' : 'broken-off';
    const { code } = error as NodeJS.ErrnoException;
    this.#fail(new TransportError(failure, code ?? error.message, error));
  }

  #failTooLarge(): void {
    this.#fail(new TransportError('too-large', `the response is larger than ${this.#maxBytes} bytes`));
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#end();
    this.#chunks.length = 0;
    this.#reject(error);
    // Closes the socket: what else comes is not read.
    this.#controller?.abort(GIVEN_UP);
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#ignoreAbort?.();
  }
}

const GIVEN_UP = new Error('given up');

/** A byte order mark is no part of JSON. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
