import type { RateLimit, RateLimitWindow } from '../rate-limit.ts';

/** Returns a header's value by its lower-case name. Hides how a library stores headers. */
export type HeaderReader = (name: string) => string | null | undefined;

/** Makes a reader for the headers of a response. Of a repeated header it returns the first value. */
export function headersOf(
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>> | undefined,
): HeaderReader {
  if (headers === undefined) return () => undefined;
  if (headers instanceof Headers) return (name) => headers.get(name);
  return (name) => {
    const value = headers[name];
    return typeof value === 'string' ? value : value?.[0];
  };
}

/** The wait a server requests, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfterMs(header: HeaderReader): number | undefined {
  const inMs = Number.parseFloat(header('retry-after-ms') ?? '');
  if (Number.isFinite(inMs)) return Math.max(0, inMs);
  const value = header('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Reads OpenAI's rate-limit headers, `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`. */
export function rateLimit(header: HeaderReader): RateLimit | undefined {
  const requests = window(header, 'requests');
  const tokens = window(header, 'tokens');
  if (requests === undefined && tokens === undefined) return undefined;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

function window(header: HeaderReader, unit: string): RateLimitWindow | undefined {
  const limit = count(header(`x-ratelimit-limit-${unit}`));
  const remaining = count(header(`x-ratelimit-remaining-${unit}`));
  if (limit === undefined || remaining === undefined) return undefined;
  const resetMs = durationMs(header(`x-ratelimit-reset-${unit}`));
  return { limit, remaining, ...(resetMs !== undefined && { resetMs }) };
}

function count(value: string | null | undefined): number | undefined {
  const number = Number(value || Number.NaN);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A larger value is not a duration. Some gateways send a date in seconds. */
const MAX_DURATION_MS = 31 * UNIT_MS.d!;

/** Parses `6m0s`, `1.5s`, `120ms`, or a plain number of seconds. */
function durationMs(value: string | null | undefined): number | undefined {
  if (!value) return undefined;
  let ms = Number(value) * 1_000;
  if (/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(value)) {
    ms = 0;
    for (const [, amount, unit] of value.matchAll(/([\d.]+)(ms|[smhd])/g)) {
      ms += Number(amount) * UNIT_MS[unit!]!;
    }
  }
  return ms >= 0 && ms <= MAX_DURATION_MS ? ms : undefined;
}
