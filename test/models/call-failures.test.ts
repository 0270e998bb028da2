import { describe, expect, test } from 'vitest';
import { TransportError, type TransportFailure } from '../../src/http/transport-error.ts';
import {
  failedTransport,
  isFiltered,
  readRefusal,
  refusedCall,
  shortened,
  timedOut,
  unusableResponse,
  withoutReply,
} from '../../src/models/call-failures.ts';

const headers =
  (values: Record<string, string> = {}) =>
  (name: string) =>
    values[name] ?? null;
const refused = (status: number, codes: readonly unknown[] = [], values: Record<string, string> = {}) =>
  refusedCall('m', status, { message: 'no.', codes }, headers(values));

describe('a refused call', () => {
  test.each([408, 409, 425, 429, 500, 503, 529])('is retryable after %i', (status) => {
    expect(refused(status)).toMatchObject({ status, retryable: true });
  });

  test.each([300, 400, 401, 403, 404, 413, 422, 499])('is not retryable after %i', (status) => {
    expect(refused(status)).toMatchObject({ status, retryable: false });
  });

  test('is not retryable if the quota is used up, whatever the status', () => {
    const error = refused(429, [undefined, 'insufficient_quota']);
    expect(error.retryable).toBe(false);
    expect(error.hint).toMatch(/quota/);
  });

  test('keeps wait, rate limits and cause', () => {
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

  test('states its status once', () => {
    const refusal = { message: '404 no such model', codes: [] };
    expect(refusedCall('m', 404, refusal, headers()).message).toMatch(/^m: 404 no such model/);
  });

  test.each([
    [401, /API key/],
    [403, /API key/],
    [404, /model name/],
    [300, /redirects/],
    [399, /redirects/],
  ])('with status %i has a hint', (status, hint) => {
    expect(refused(status).hint).toMatch(hint);
  });

  test.each([299, 400, 402, 429, 500])('with status %i has no hint', (status) => {
    expect(refused(status).hint).toBeUndefined();
  });

  test('that redirects names the target, up to 200 characters of it', () => {
    const location = `https://other.example/${'x'.repeat(300)}`;
    const { hint } = refused(307, [], { location });
    expect(hint).toContain(`(${location.slice(0, 200)})`);
    expect(refused(307).hint).not.toMatch(/\(|Stryker/);
  });
});

describe('a server’s message', () => {
  test('loses tags, styles, scripts and repeated whitespace', () => {
    const page = '<html><STYLE>p { }</STYLE><p>Bad  \n gateway</p><script>go()</script><br>nginx</html> ';
    expect(shortened(page)).toBe('Bad gateway nginx');
    expect(shortened('a<b>c')).toBe('a c');
    expect(shortened('a<style>x</style>c')).toBe('a c');
  });

  test('is cut after 500 characters, with an ellipsis', () => {
    expect(shortened('x'.repeat(500))).toBe('x'.repeat(500));
    expect(shortened('x'.repeat(501))).toBe(`${'x'.repeat(500)}…`);
  });

  test('is read up to 20,000 characters', () => {
    expect(shortened(`${' '.repeat(20_000)}late`)).toBe('');
  });

  test('loses its secrets before it is cut', () => {
    const key = 'sk-0123456789abcdefghijklmnopqrstuvwxyz';
    expect(shortened(`${'x '.repeat(245)} ${key}`)).not.toContain('sk-012');
  });
});

describe('the body of an error response', () => {
  const deep = `{"error":{"message":"no","code":"insufficient_quota","x":${'['.repeat(100)}${']'.repeat(100)}}}`;
  test.each<[string, string, string, readonly unknown[]]>([
    ['of OpenAI', '{"error":{"message":"no","code":"c","type":"t"}}', 'no', ['c', 't']],
    ['with the error as a string', '{"error":"no"}', 'no', [undefined, undefined]],
    ['without an envelope', '{"message":"no","type":"t"}', 'no', [undefined, 't']],
    ['with a detail', '{"detail":"no"}', 'no', [undefined, undefined]],
    ['with an empty message beside a detail', '{"message":"","detail":"no"}', 'no', [undefined, undefined]],
    ['with a message that is not a string', '{"message":7,"detail":"no"}', 'no', [undefined, undefined]],
    ['without a message', '{"x":1}', '{"x":1}', [undefined, undefined]],
    ['that is null', 'null', 'null', [undefined, undefined]],
    ['that is a JSON string', '"no"', '"no"', [undefined, undefined]],
    ['that is not JSON', ' Bad gateway\n', 'Bad gateway', []],
    ['that is blank', ' \n', '(no body)', []],
    ['nested too deeply', deep, deep, []],
  ])('%s is parsed', (_what, body, message, codes) => {
    expect(readRefusal(body)).toEqual({ message, codes });
  });
});

describe('a transport failure', () => {
  test.each<[TransportFailure, boolean, RegExp, RegExp | undefined]>([
    ['unreachable', true, /cannot be reached.*why/, /base URL.*network/],
    ['broken-off', true, /connection was lost.*why/, undefined],
    ['timeout', true, /in time/, /timeoutMs/],
    ['too-large', false, /why/, /OpenAI-compatible/],
    ['too-deep', false, /why/, /OpenAI-compatible/],
    ['encoded', false, /why/, /OpenAI-compatible/],
  ])('%s: retryable is %s', (failure, retryable, message, hint) => {
    const cause = new TransportError(failure, 'why');
    const error = failedTransport('m', cause);
    expect(error).toMatchObject({ retryable, cause: { message: 'why' } });
    expect(error.message).toMatch(message);
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toMatch(hint);
  });
});

test('timeouts and unusable responses are retryable and keep their cause', () => {
  const cause = new Error('why');
  const [late, useless] = [timedOut('m', cause), unusableResponse('m', 'no choice.', cause)];
  expect(late).toMatchObject({ retryable: true, cause: { message: 'why' } });
  expect(late.hint).toMatch(/timeoutMs/);
  expect(useless).toMatchObject({ retryable: true, cause: { message: 'why' } });
  expect(useless.message).toContain('no choice.');
  expect(useless.hint).toMatch(/OpenAI-compatible/);
});

test.each<[string, unknown, boolean]>([
  ['by its code', { error: { message: 'no.', code: 'content_filter' } }, true],
  ['by its type', { error: { message: 'no.', type: 'content_filter' } }, true],
  ['without an envelope', { message: 'no.', code: 'content_filter' }, true],
  ['but not by its words', { error: { message: 'content_filter', code: 'invalid_prompt' } }, false],
  ['but not where nothing is said', undefined, false],
])('a prompt that a content filter refused is known %s', (_how, body, expected) => {
  expect(isFiltered(body)).toBe(expected);
});

describe('a response without a reply', () => {
  test('that says nothing is unusable, and another may be better', () => {
    const error = withoutReply('m', { id: 'x' });
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining('has no choices.') });
    expect(error.hint).toMatch(/OpenAI-compatible/);
  });

  test('that holds an error says what it says, and gives no advice', () => {
    const error = withoutReply('m', { error: { message: '<b>Provider</b> returned error', code: 502 } });
    expect(error.message).toBe('m: the response is an error: Provider returned error');
    expect(error.hint).toBeUndefined();
  });

  test.each<[unknown, boolean]>([
    [400, false],
    [404, false],
    [422, false],
    [408, true],
    [429, true],
    [500, true],
    [599, true],
    // Codes that are no status say nothing.
    [399, true],
    [600, true],
    [undefined, true],
    ['404', true],
    ['rate_limited', true],
    ['insufficient_quota', false],
  ])('and whose error has the code %j is retried: %s', (code, retryable) => {
    expect(withoutReply('m', { error: { message: 'no.', code } }).retryable).toBe(retryable);
  });

  test('because the quota is used up says so, whatever the status', () => {
    const error = withoutReply('m', { error: { message: 'no.', code: 429, type: 'insufficient_quota' } });
    expect(error).toMatchObject({ retryable: false, hint: 'The account has no quota left.' });
  });
});
