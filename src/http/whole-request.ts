import type { IncomingHttpHeaders } from 'node:http';
import type { FormData } from 'undici';

/** A request whose response is read completely. */
export interface WholeRequest {
  readonly origin: string;
  /** Path and query string. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A form sets its own `content-type`. Files in it are read while they are sent. */
  readonly body: string | Uint8Array | FormData | null;
  readonly signal?: AbortSignal | undefined;
  /** Time limit until the last byte of the response, in milliseconds. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** Maximum size of the response. Larger ones are abandoned as soon as that is known. Default 16 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/** A complete response. */
export interface WholeResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as UTF-8, without a byte order mark. Invalid bytes become U+FFFD. */
  readonly text: string;
}
