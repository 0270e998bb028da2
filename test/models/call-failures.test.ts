import { describe, expect, test } from 'vitest';
import { TransportError, type TransportFailure } from '../../src/http/transport-error.ts';
import {
  failedTransport,
  readRefusal,
  refusedCall,
  shortened,
  timedOut,
  unusableResponse,
} from '../../src/models/call-failures.ts';

const headers =
  (values: Record<string, string> = {}) =>
  (name: string) =>
    values[name] ?? null;
const refused = (status: number, codes: readonly unknown[] = [], values: Record<string, string> = {}) =>
  refusedCall('m', status, { message: 'no.', codes }, headers(values));

describe('a refused call', () => {
  test.each([408, 409, 425, 429, 500, 503, 529])('may be sent again after %i', (status) => {
    expect(refused(status)).toMatchObject({ status, retryable: true });
  });

  test.each([300, 400, 401, 403, 404, 413, 422, 499])('is not sent again after %i', (status) => {
    expect(refused(status)).toMatchObject({ status, retryable: false });
  });

  test('is not sent again when the quota is used up, whatever the status', () => {
    const error = refused(429, [undefined, 'insufficient_quota']);
    expect(error.retryable).toBe(false);
    expect(error.hint).toMatch(/quota/);
  });

  test('keeps the wait, the limits and the cause', () => {
    const cause = new Error('from the SDK');
    const header = headers({
      'retry-after': '3',
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
    });
    const error = refusedCall('m', 429, { message: 'no.', codes: [] }, header, cause);
    expect(error).toMatchObject({ retryAfterMs: 3_000, rateLimit: { requests: { limit: 60 } } });
    expect(error.cause).toMatchObject({ message: 'from the SDK' });
  });

  test('says its status once', () => {
    const refusal = { message: '404 no such model', codes: [] };
    expect(refusedCall('m', 404, refusal, headers()).message).toMatch(/^m: 404 no such model/);
  });

  test.each([
    [401, /API key/],
    [403, /API key/],
    [404, /model name/],
    [300, /redirects/],
    [399, /redirects/],
  ])('of status %i comes with what to do about it', (status, hint) => {
    expect(refused(status).hint).toMatch(hint);
  });

  test.each([299, 400, 402, 429, 500])('of status %i comes without a guess at the cause', (status) => {
    expect(refused(status).hint).toBeUndefined();
  });

  test('that points elsewhere names the place, at most 200 characters of it', () => {
    const location = `https://other.example/${'x'.repeat(300)}`;
    const { hint } = refused(307, [], { location });
    expect(hint).toContain(`(${location.slice(0, 200)})`);
    expect(refused(307).hint).not.toMatch(/\(|Stryker/);
  });
});

describe('the words of a server', () => {
  test('are a text without tags, styles, scripts and runs of white space', () => {
    const page = '<html><STYLE>p { }</STYLE><p>Bad  \n gateway</p><script>go()</script><br>nginx</html> ';
    expect(shortened(page)).toBe('Bad gateway nginx');
    expect(shortened('a<b>c')).toBe('a c');
    expect(shortened('a<style>x</style>c')).toBe('a c');
  });

  test('are cut after 500 characters, with a mark', () => {
    expect(shortened('x'.repeat(500))).toBe('x'.repeat(500));
    expect(shortened('x'.repeat(501))).toBe(`${'x'.repeat(500)}…`);
  });

  test('are looked at no further than 20,000 characters', () => {
    expect(shortened(`${' '.repeat(20_000)}late`)).toBe('');
  });

  test('lose their secrets before they are cut', () => {
    const key = 'sk-0123456789abcdefghijklmnopqrstuvwxyz';
    expect(shortened(`${'x '.repeat(245)} ${key}`)).not.toContain('sk-012');
  });
});

describe('the body of a refusal', () => {
  test.each<[string, string, string, readonly unknown[]]>([
    ['of OpenAI', '{"error":{"message":"no","code":"c","type":"t"}}', 'no', ['c', 't']],
    ['with the error as a text', '{"error":"no"}', 'no', [undefined, undefined]],
    ['without an envelope', '{"message":"no","type":"t"}', 'no', [undefined, 't']],
    ['with a detail', '{"detail":"no"}', 'no', [undefined, undefined]],
    ['with an empty message beside a detail', '{"message":"","detail":"no"}', 'no', [undefined, undefined]],
    ['with a message that is no text', '{"message":7,"detail":"no"}', 'no', [undefined, undefined]],
    ['without any words', '{"x":1}', '{"x":1}', [undefined, undefined]],
    ['that is null', 'null', 'null', [undefined, undefined]],
    ['that is a text in JSON', '"no"', '"no"', [undefined, undefined]],
    ['that is no JSON', ' Bad gateway\n', 'Bad gateway', []],
    ['that is blank', ' \n', '(no body)', []],
  ])('%s is understood', (_what, body, message, codes) => {
    expect(readRefusal(body)).toEqual({ message, codes });
  });
});

describe('a transport that failed', () => {
  test.each<[TransportFailure, boolean, RegExp, RegExp | undefined]>([
    ['unreachable', true, /cannot be reached.*why/, /base URL.*network/],
    ['broken-off', true, /connection was lost.*why/, undefined],
    ['timeout', true, /in time/, /timeoutMs/],
    ['too-large', false, /why/, /OpenAI-compatible/],
    ['too-deep', false, /why/, /OpenAI-compatible/],
    ['encoded', false, /why/, /OpenAI-compatible/],
  ])('as %s: sent again is %s', (failure, retryable, message, hint) => {
    const cause = new TransportError(failure, 'why');
    const error = failedTransport('m', cause);
    expect(error).toMatchObject({ retryable, cause: { message: 'why' } });
    expect(error.message).toMatch(message);
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toMatch(hint);
  });
});

test('a call without an answer in time and an answer of no use are sent again, and keep their cause', () => {
  const cause = new Error('why');
  const [late, useless] = [timedOut('m', cause), unusableResponse('m', 'no choice.', cause)];
  expect(late).toMatchObject({ retryable: true, cause: { message: 'why' } });
  expect(late.hint).toMatch(/timeoutMs/);
  expect(useless).toMatchObject({ retryable: true, cause: { message: 'why' } });
  expect(useless.message).toContain('no choice.');
  expect(useless.hint).toMatch(/OpenAI-compatible/);
});
