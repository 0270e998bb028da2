import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact, redactCause, registerSecret } from '../src/redact.ts';

const OPENAI = 'sk-proj-Abc0123456789def0123456789';

describe('redact', () => {
  test.each([
    [`Incorrect API key provided: ${OPENAI}.`, OPENAI],
    ['{"headers":{"Authorization":"Bearer abcdef0123456789"}}', 'abcdef0123456789'],
    ['authorization: Bearer opaquetokenvalue', 'opaquetokenvalue'],
    ['Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
    ['curl -H "Authorization: Bearer eyJhbGciOi.eyJzdWIi.sig0"', 'eyJzdWIi'],
    ['http://me:hunter2@localhost:8000/v1', 'hunter2'],
    ['postgres://admin:p@ss-w0rd@db:5432/x', 'ss-w0rd'],
    ['GET /v1/models?api_key=verysecretvalue&x=1', 'verysecretvalue'],
    ['password = correcthorse', 'correcthorse'],
    ['"token": "0a1b2c3d4e5f"', '0a1b2c3d4e5f'],
    ['api key: 1234567890abcdef', '1234567890abcdef'],
    ['hf_AbCdEfGhIjKlMnOpQrStUvWxYz012345', 'hf_AbCdEfGhIj'],
    ['gsk_0123456789abcdefghij', '0123456789abcdefghij'],
    ['key AIzaSyA0123456789abcdefghijklmnopqrstuv', 'AIzaSyA0123'],
  ])('takes the secret out of: %s', (text, secret) => {
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain('[redacted]');
  });

  test.each([
    'This costs 40 tokens: 30 in, 10 out.',
    'token: 5 tokens were left',
    'Unexpected token: undefined',
    'Unexpected token \'<\', "<!DOCTYPE"... is not valid JSON',
    'max_tokens: 4096000 is more than this model takes',
    'Her secret: chocolate after midnight.',
    'The password: something only grandma knew.',
    'He was a ring bearer tonight.',
    'hf_hub_download_timeout is an option, sk-learn-contrib-lightning a package',
    'See https://example.com/docs?user=a@b.example and mail me@host.example.',
    'http://localhost:8000/v1: the server cannot be reached (ECONNREFUSED).',
    'openai:gpt-4o@gateway.example:8443/v1',
  ])('leaves ordinary text alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('removes a registered secret whatever it looks like, but no short placeholder', () => {
    registerSecret('correct horse battery');
    registerSecret('ollama');
    expect(redact('the key "correct horse battery" of ollama')).toBe('the key "[redacted]" of ollama');
  });

  test('changes nothing the second time', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'token',
        'Bearer ',
        'authorization: ',
        'api_key=',
        '"secret": "',
        'sk-',
        'http://',
        '@',
        '0123456789ab',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = redact(pieces.join(''));
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['a.', 'token:', 'sk-', '://', 'bearer ', 'authorization:', 'password=', ' '])(
    'is quick on a long text made of %o',
    (piece) => {
      const text = piece.repeat(100_000);
      expect(redact(text).length).toBeLessThanOrEqual(text.length + 10);
    },
  );
});

describe('redactCause', () => {
  test('keeps name, message, code and causes of an error, without secrets, headers and bodies', () => {
    class HttpError extends Error {
      override name = 'HttpError';
      code = 'invalid_api_key';
      status = 401;
      url = `http://me:${OPENAI}@host/`;
      headers = new Headers({ echo: OPENAI });
      body = { key: OPENAI };
    }
    const cause = new HttpError(`bad key ${OPENAI}`, { cause: new TypeError(`sent ${OPENAI}`) });
    const copy = redactCause(cause) as HttpError;
    expect(copy).toBeInstanceOf(Error);
    expect(copy).toMatchObject({
      name: 'HttpError',
      message: 'bad key [redacted]',
      code: 'invalid_api_key',
      status: 401,
    });
    expect((copy.cause as Error).message).toBe('sent [redacted]');
    expect((copy.cause as Error).name).toBe('TypeError');
    expect(inspect(copy, { depth: null, showHidden: true })).not.toContain(OPENAI);
    expect(cause.message).toContain(OPENAI);
  });

  test('copes with causes that go in a circle, with DOM exceptions and with what is no error', () => {
    const circle = new Error('round');
    circle.cause = circle;
    expect(redactCause(circle)).toMatchObject({ message: 'round' });
    expect(redactCause(new DOMException('stopped', 'AbortError'))).toMatchObject({
      name: 'AbortError',
      message: 'stopped',
    });
    expect(redactCause(`key ${OPENAI}`)).toBe('key [redacted]');
    expect(redactCause({ key: OPENAI })).toBeUndefined();
    expect(redactCause(5)).toBe(5);
  });
});
