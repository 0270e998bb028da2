/**
 * What can go wrong between a request and its whole answer:
 * `unreachable` before a connection stands, `broken-off` after, `timeout`, an answer that is `too-large`,
 * `too-deep` or `encoded` though none of these was asked for.
 */
export type TransportFailure =
  | 'unreachable'
  | 'broken-off'
  | 'timeout'
  | 'too-large'
  | 'too-deep'
  | 'encoded';

/** Internal: providers turn it into a `ModelCallError` that names the model. */
export class TransportError extends Error {
  readonly failure: TransportFailure;

  constructor(failure: TransportFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TransportError';
    this.failure = failure;
  }
}

/** The transport's own error, also where another library has wrapped it. */
export function findTransportError(error: unknown): TransportError | undefined {
  for (let found = error; found instanceof Error; found = found.cause) {
    if (found instanceof TransportError) return found;
  }
  return undefined;
}
