import { describe, expect, test } from 'vitest';
import { headersOf, rateLimit, retryAfterMs } from '../../src/http/response-headers.ts';

const reset = (value: string | undefined) =>
  rateLimit(
    headersOf({
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '9',
      'x-ratelimit-reset-requests': value,
    }),
  )?.requests?.resetMs;

describe('a server’s rate limits', () => {
  test.each([
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['120ms', 120],
    ['1h2m3.5s', 3_723_500],
    ['1d', 86_400_000],
    ['7.66s', 7_660],
    ['2', 2_000],
    ['0', 0],
    ['0.25', 250],
    ['soon', undefined],
    ['1s ago', undefined],
    ['-1', undefined],
    ['', undefined],
    ['1767225600', undefined],
    [undefined, undefined],
  ])('%s until a reset is %s ms', (value, expected) => {
    expect(reset(value)).toBe(expected);
  });

  test('are reported for requests and tokens separately, and only if limit and remaining are numbers', () => {
    const only = (headers: Record<string, string>) => rateLimit(headersOf(headers));
    expect(only({})).toBeUndefined();
    expect(only({ 'x-ratelimit-limit-tokens': '5', 'x-ratelimit-remaining-tokens': 'many' })).toBeUndefined();
    expect(only({ 'x-ratelimit-limit-tokens': '5', 'x-ratelimit-remaining-tokens': '' })).toBeUndefined();
    expect(only({ 'x-ratelimit-remaining-tokens': '5' })).toBeUndefined();
    expect(only({ 'x-ratelimit-limit-tokens': '5', 'x-ratelimit-remaining-tokens': '4' })).toEqual({
      tokens: { limit: 5, remaining: 4 },
    });
  });
});

describe('the requested wait', () => {
  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '3600' }, 3_600_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after-ms': 'x', 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '-3' }, 0],
    [{ 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': ['4', '5'] }, 4_000],
    [{}, undefined],
  ])('is read from %o', (headers, expected) => {
    expect(retryAfterMs(headersOf(headers))).toBe(expected);
  });

  test('is read from the headers of any library', () => {
    expect(retryAfterMs(headersOf(new Headers({ 'Retry-After': '2' })))).toBe(2_000);
    expect(retryAfterMs(headersOf(undefined))).toBeUndefined();
  });
});
