import { FormData } from 'undici';
import type * as z from 'zod';
import { BatchError, type ModelCallError } from '../../errors.ts';
import { connectionPool } from '../../http/connection-pool.ts';
import { parseShallowJson } from '../../http/json-depth.ts';
import { headersOf } from '../../http/response-headers.ts';
import { sendRequest } from '../../http/send-request.ts';
import { streamResponse } from '../../http/stream-response.ts';
import { TransportError } from '../../http/transport-error.ts';
import { splitLines } from '../../internal/byte-lines.ts';
import { failedTransport, readRefusal, refusedCall, unusableResponse } from '../call-failures.ts';
import type { CompletionsApi } from '../completions-model.ts';
import type { JsonEndpoint } from '../post-json.ts';

/** A request to a batch API. */
export interface BatchApiCall {
  readonly method: 'GET' | 'POST';
  /** Path below the base URL. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON, or as a form. */
  readonly body?: object | FormData | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An hour, for 200 MB over a slow line. */
const UPLOAD_TIMEOUT_MS = 3_600_000;
const IDLE_MS = 120_000;
/** Far longer than any reply. */
const MAX_LINE_BYTES = 16 * 2 ** 20;

/** The body of a successful response. It is not retried. @throws ModelCallError; on abort, the signal's reason. */
export async function callBatchApi<Value>(
  api: CompletionsApi,
  schema: z.ZodType<Value>,
  { method, path, query, body, signal }: BatchApiCall,
): Promise<Value> {
  const endpoint = api.endpoint(path);
  const { nameInErrors, maxSockets, timeoutMs } = endpoint;
  const isForm = body instanceof FormData;
  // A form sets its own content type, with the boundary.
  const { 'content-type': contentType, ...others } = endpoint.headers;
  try {
    const answer = await sendRequest(connectionPool(endpoint.url.origin, { maxSockets }), {
      ...addressOf(endpoint, query),
      method,
      headers: isForm || body === undefined ? others : { ...others, 'content-type': contentType! },
      body: isForm ? body : body === undefined ? null : JSON.stringify(body),
      signal,
      timeoutMs: isForm ? UPLOAD_TIMEOUT_MS : timeoutMs,
    });
    if (answer.status >= 300) throw refused(endpoint, answer);
    const parsed = schema.safeParse(parseShallowJson(answer.text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new BatchError(
      `${nameInErrors}: unexpected response to ${method} ${path} (${issue?.path.join('.') || 'body'}: ${issue?.message}).`,
      { hint: "Check that the server has OpenAI's batch API." },
    );
  } catch (error) {
    throw toCallError(error, nameInErrors, signal);
  }
}

/** The lines of a file, null for one that is too long. @throws ModelCallError; on abort, the signal's reason. */
export async function* batchFileLines(
  api: CompletionsApi,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer | null> {
  const endpoint = api.endpoint(path);
  const { headers, maxSockets, nameInErrors } = endpoint;
  try {
    const response = await streamResponse(connectionPool(endpoint.url.origin, { maxSockets }), {
      ...addressOf(endpoint),
      headers,
      signal,
      idleMs: IDLE_MS,
    });
    if (response.status >= 300) {
      const text = await startOf(response.body);
      throw refused(endpoint, { ...response, text });
    }
    for await (const { bytes } of splitLines(response.body, { maxBytes: MAX_LINE_BYTES, signal }))
      yield bytes;
  } catch (error) {
    throw toCallError(error, nameInErrors, signal);
  }
}

function addressOf(
  { url }: JsonEndpoint,
  query: BatchApiCall['query'] = {},
): { readonly origin: string; readonly path: string } {
  const target = new URL(url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return { origin: target.origin, path: target.pathname + target.search };
}

const MAX_REFUSAL_BYTES = 2 ** 20;

async function startOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_REFUSAL_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}

function refused(
  { nameInErrors }: JsonEndpoint,
  { status, headers, text }: { readonly status: number; readonly headers: object; readonly text: string },
): ModelCallError {
  return refusedCall(
    nameInErrors,
    status,
    readRefusal(text),
    headersOf(headers as Parameters<typeof headersOf>[0]),
  );
}

function toCallError(error: unknown, name: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof TransportError) return failedTransport(name, error);
  if (error instanceof SyntaxError) return unusableResponse(name, 'the response is not JSON.', error);
  return error;
}
