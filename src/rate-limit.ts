/** One of a server's rate limits, as its response headers state it. */
export interface RateLimitWindow {
  /** Requests or tokens allowed per window. */
  readonly limit: number;
  /** Requests or tokens left in this window. */
  readonly remaining: number;
  /** Milliseconds from the response until the limit is fully restored. */
  readonly resetMs?: number | undefined;
}

/** A server's rate limits, as the headers of a response state them. A limit that they do not state is absent. */
export interface RateLimit {
  /** Limit on calls. */
  readonly requests?: RateLimitWindow | undefined;
  /** Limit on tokens, as the server counts them. */
  readonly tokens?: RateLimitWindow | undefined;
}
