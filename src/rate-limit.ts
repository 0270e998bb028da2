/** How much of one limit is left. */
export interface RateLimitWindow {
  /** Requests or tokens that the server allows in a window. */
  readonly limit: number;
  /** How many of them are left now. */
  readonly remaining: number;
  /** When all of them are there again, in milliseconds from the answer. */
  readonly resetMs?: number | undefined;
}

/** What a server says about its limits with each answer. */
export interface RateLimit {
  readonly requests?: RateLimitWindow | undefined;
  readonly tokens?: RateLimitWindow | undefined;
}
