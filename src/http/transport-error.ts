/**
 * What can go wrong between a request and its complete response. `unreachable`: no connection. `broken-off`: the connection
 * was lost. `timeout`: the time limit passed. `too-large`, `too-deep`: the response exceeds a limit. `encoded`: it has a
 * content encoding, though none was accepted.
 */
export type TransportFailure =
  | 'unreachable'
  | 'broken-off'
  | 'timeout'
  | 'too-large'
  | 'too-deep'
  | 'encoded';

/** Internal. Providers convert it to a `ModelCallError` that names the model. */
export class TransportError extends Error {
  readonly failure: TransportFailure;

  constructor(failure: TransportFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TransportError';
    this.failure = failure;
  }
}

/** Finds a transport error in an error or its causes, since other libraries wrap it. */
export function findTransportError(error: unknown): TransportError | undefined {
  for (let found = error; found instanceof Error; found = found.cause) {
    if (found instanceof TransportError) return found;
  }
  return undefined;
}
