import type { IncomingHttpHeaders } from 'node:http';
import { redactedStart } from '../redact.ts';
import { TransportError } from './transport-error.ts';
import type { WholeRequest, WholeResponse } from './whole-request.ts';

/** What Bun's `fetch` is told beyond the standard: no time limit of its own, and no decompression, which knows no limit. */
const BUN = { timeout: false, decompress: false };

/** Errors of a connection that was there: Bun's, and Node's. */
const CONNECTED: ReadonlySet<string> = new Set(['ECONNRESET', 'UND_ERR_SOCKET']);

/** `sendRequest` by the runtime's own `fetch`, for Bun, whose `undici` cannot dispatch. */
export async function sendWithFetch(request: WholeRequest, maxBytes: number): Promise<WholeResponse> {
  const { origin, path, method, headers, body, signal, timeoutMs } = request;
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  let response: Response | undefined;
  try {
    response = await fetch(origin + path, {
      ...BUN,
      method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      body: body as NonNullable<RequestInit['body']> | null,
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout].filter((each) => each !== undefined)),
    });
    checkHeaders(response, maxBytes);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers) as IncomingHttpHeaders,
      // Reading as UTF-8 also removes a byte order mark.
      text: new TextDecoder().decode(await readBody(response, maxBytes)),
    };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof TransportError) throw error;
    if (timeout?.aborted) throw new TransportError('timeout', `no answer within ${timeoutMs} ms`, error);
    const { message, cause } = error as Error;
    const { code = (cause as NodeJS.ErrnoException | undefined)?.code } = error as NodeJS.ErrnoException;
    const connected = response !== undefined || CONNECTED.has(code ?? '');
    throw new TransportError(connected ? 'broken-off' : 'unreachable', code ?? message, error);
  }
}

function checkHeaders({ headers }: Response, maxBytes: number): void {
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding !== '' && encoding !== 'identity') {
    throw new TransportError(
      'encoded',
      `the response has an unexpected content encoding (${redactedStart(encoding, 40)})`,
    );
  }
  if (Number(headers.get('content-length')) > maxBytes) throw tooLarge(maxBytes);
}

async function readBody({ body }: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // To stop early cancels the stream, and with it the request.
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): TransportError {
  return new TransportError('too-large', `the response is larger than ${maxBytes} bytes`);
}
