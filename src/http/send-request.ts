import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { onAbort } from '../internal/on-abort.ts';
import { redactedStart } from '../redact.ts';
import { sendWithFetch } from './send-with-fetch.ts';
import { TransportError } from './transport-error.ts';
import type { WholeRequest, WholeResponse } from './whole-request.ts';

/** Default size limit of a response, 16 MiB. */
const MAX_RESPONSE_BYTES: number = 16 * 2 ** 20;

/**
 * Sends a request once and reads the complete response. Redirects are not followed: a 3xx is returned like any other
 * response.
 *
 * @throws TransportError if there is no complete response. On abort, the signal's reason is thrown.
 */
export function sendRequest(dispatcher: Dispatcher, request: WholeRequest): Promise<WholeResponse> {
  // Bun puts a package of its own in place of `undici`.
  if (typeof dispatcher.dispatch !== 'function') {
    return sendWithFetch(request, request.maxResponseBytes ?? MAX_RESPONSE_BYTES);
  }
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
        // `timeoutMs` covers the whole call. A response may take ten minutes to start.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      exchange,
    );
  });
}

/** Uses undici's handlers directly. Streams would double the cost of a call, and a complete response needs none. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (response: WholeResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #ignoreAbort: (() => void) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #maxBytes: number;
  /** The body so far, and what came last: a server can send every byte as a chunk of its own, and each costs an object. */
  readonly #parts: Buffer[] = [];
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
    // 1xx: the actual response is still to come.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
      this.#fail(
        new TransportError(
          'encoded',
          `the response has an unexpected content encoding (${redactedStart(String(encoding), 40)})`,
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
    else if (this.#chunks.push(chunk) === MAX_CHUNKS) this.#parts.push(Buffer.concat(this.#chunks.splice(0)));
  }

  onResponseEnd(): void {
    if (this.#ended) return;
    this.#end();
    const pieces = [...this.#parts, ...this.#chunks];
    const body = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, this.#bytes);
    const response = { status: this.#status, headers: this.#headers, text: withoutMark(body.toString()) };
    // undici frees the socket in a `setImmediate` that it schedules right after this callback. A caller that continued
    // before that would open another socket, so there would be twice as many sockets as calls.
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
    this.#parts.length = 0;
    this.#chunks.length = 0;
    this.#reject(error);
    // Closes the socket. The rest of the response is not read.
    this.#controller?.abort(GIVEN_UP);
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#ignoreAbort?.();
  }
}

/** Enough for any ordinary response. */
const MAX_CHUNKS = 1_024;

const GIVEN_UP = new Error('given up');

/** Removes a byte order mark, which JSON does not allow. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
