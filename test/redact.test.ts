import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  excerpt,
  redact,
  redactCause,
  registerSecret,
  registerUrlSecrets,
  registerVariables,
  withoutCredentials,
} from '../src/redact.ts';

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
    ['github_pat_11ABCDEFG0abcdefghij_klmnopqrstuv', '11ABCDEFG0'],
    ['remote: ghs_16C7e42F292c6912E7710c838347Ae178B4a', '16C7e42F292c'],
    ['glpat-abcdefghij0123456789', 'abcdefghij0123456789'],
    ['AKIAIOSFODNN7EXAMPLE is not known', 'IOSFODNN7EXAMPLE'],
    ['xoxb-123456789012-abcdefghijkl', '123456789012'],
    ['sent eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbG9lIn0.c2lnbmF0dXJl here', 'eyJzdWIiOiJhbG9lIn0'],
    ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbG9lIn0.', 'eyJzdWIiOiJhbG9lIn0'],
    ['npm_0123456789abcdefghijABCDEFGHIJ012345', '0123456789abcdefghij'],
    [String.raw`{"body": "{\"apiKey\": \"AbCdEf0123456789\"}"}`, 'AbCdEf0123456789'],
    ['DefaultEndpointsProtocol=https;AccountKey=abcdefghij0123456789+/==;', 'abcdefghij0123456789'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'wJalrXUtn'],
    ['Set-Cookie: sid=abcdef0123456789; Path=/', 'abcdef0123456789'],
    ['https://hooks.slack.com/services/T000/B000/XXXXXXXXXXXX', 'XXXXXXXXXXXX'],
    ['hf_abcdefghijABCDEFGHIJklmnopqr', 'abcdefghijABCDEFGHIJ'],
    ['csk-abcdefghij0123456789abc', 'abcdefghij0123456789'],
    [String.raw`"private_key": "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"`, 'MIIEvQ'],
    ['SG.0123456789abcdefghij12.0123456789abcdefghij0123456789abcdefghij012', '0123456789abcdefghij12'],
    ['dapi0123456789abcdef0123456789abcdef', '0123456789abcdef0123'],
    ['ya29.a0AfH6SMBx0123456789', 'a0AfH6SMBx'],
    ['sk-ant-api03-0123456789abcdef', '0123456789abcdef'],
    ['requested URL: /v1/chat/completions?alt=json&key=short', 'short'],
    ['https://store.example/x?X-Amz-Signature=abcdef&x=1', 'abcdef'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow+/\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
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
    'See https://example.com/search?q=monkey&keyword=tea&sort=key',
    'Cookie: add sugar, then bake. "account key: none"',
    'The sleigh, eyJafjallajokull and AKIAPLANE are words.',
  ])('leaves ordinary text alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('removes a registered secret whatever it looks like, but no short placeholder', () => {
    registerSecret('correct horse battery');
    registerSecret('ollama');
    expect(redact('the key "correct horse battery" of ollama')).toBe('the key "[redacted]" of ollama');
  });

  const SECRET = 'canary ä/+"<&>=1 of no shape';
  test.each([
    ['as a path', encodeURIComponent(SECRET)],
    ['as a path, in lower case', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
    ['as a URL', encodeURI(SECRET)],
    ['as a form', new URLSearchParams({ x: SECRET }).toString().slice(2)],
    ['as JSON', JSON.stringify(SECRET)],
    ['as HTML', SECRET.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
    ['as base64', Buffer.from(SECRET).toString('base64')],
    ['as base64 after 1 character', Buffer.from(`:${SECRET}`).toString('base64')],
    ['as base64 after 2 characters', Buffer.from(`u:${SECRET}`).toString('base64')],
    ['as base64 in the middle', Buffer.from(`me:${SECRET} and more`).toString('base64')],
    ['as base64 for a URL', Buffer.from(`user:${SECRET}`).toString('base64url')],
  ])('removes a registered secret written %s', (_how, written) => {
    registerSecret(SECRET);
    const left = redact(`before ${written} after`);
    expect(left).toMatch(/^before .*\[redacted\].* after$/);
    expect(left.length).toBeLessThan(45);
  });

  test('removes a secret that was registered in an encoded form and is shown decoded', () => {
    registerSecret('enc%2Foded%20canary');
    expect(redact('enc/oded canary')).toBe('[redacted]');
  });

  test('removes the longer one of two secrets with the same beginning', () => {
    registerSecret('prefix-canary');
    registerSecret('prefix-canary-and-its-end');
    expect(redact('prefix-canary-and-its-end')).toBe('[redacted]');
  });

  test('is not upset by a secret that is a part of its own mark', () => {
    registerSecret('redacted');
    registerSecret('[redacted]');
    expect(redact(redact('Bearer abc123456'))).toBe('Bearer [redacted]');
  });

  test('removes what the environment holds', async () => {
    vi.stubEnv('SOME_SERVICE_KEY', 'environment canary one');
    vi.stubEnv('HTTPS_PROXY', 'http://me:environment-canary-two@proxy.example:3128');
    vi.stubEnv('MONKEY', 'no secret at all');
    vi.resetModules();
    const fresh = await import('../src/redact.ts');
    expect(fresh.redact('environment canary one, environment-canary-two, no secret at all')).toBe(
      '[redacted], [redacted], no secret at all',
    );
    vi.unstubAllEnvs();
  });

  test.each([
    ['OPENAI_API_KEY_2', 'canary of a number'],
    ['OPENAI_KEY1', 'canary of a digit'],
    ['API_KEYS', 'the first canary,canary of a list'],
    ['REDIS_AUTH', 'canary of auth'],
    ['MYSQL_PWD', 'canary of a database'],
    ['OPENAI_API_KEY_PROD', 'Canary0of0the0middle'],
    ['AWS_BEARER_TOKEN_BEDROCK', 'Canary0of0the0cloud/+='],
  ])('removes what the variable %s holds', (name, value) => {
    registerVariables({ [name]: value });
    expect(redact(`it is ${value.split(',').at(-1)}.`)).toBe('it is [redacted].');
  });

  test.each([
    ['HF_TOKEN_PATH', '/home/someone1/.cache/huggingface/token'],
    ['SORT_KEY_ORDER', 'ascending-by-date'],
    ['OLDPWD', '/home/someone1/projects'],
  ])('keeps what the variable %s holds', (name, value) => {
    registerVariables({ [name]: value });
    expect(redact(`it is ${value}.`)).toBe(`it is ${value}.`);
  });

  test('registers a secret of any length', () => {
    const long = `canary ${'x'.repeat(300_000)}`;
    registerSecret(long);
    expect(redact(`before ${long} after`)).toBe('before [redacted] after');
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

  test.each([
    'a.',
    'token:',
    'sk-',
    'eyJ',
    'eyJ-',
    'eyJabcdef.',
    '?key',
    '&a=',
    '-----BEGIN PRIVATE KEY-----',
    '://',
    'bearer ',
    'authorization:',
    'password=',
    ' ',
  ])('is quick on a long text made of %o', (piece) => {
    const text = piece.repeat(100_000);
    expect(redact(text).length).toBeLessThanOrEqual(text.length + 10);
  });
});

describe('a URL', () => {
  test.each([
    ['https://gateway.example/v1?key=canary%2Fone%20of%20mine', 'canary/one of mine'],
    ['https://gateway.example/v1?a=1&key=canary+two+of+mine#x', 'canary two of mine'],
    ['https://gateway.example/v1?canary=three=of=mine', 'three=of=mine'],
    ['http://me:canary%20four@host/v1', 'canary four'],
    ['http://me:canary "five"@host/v1', 'canary "five"'],
    ['http://me:canary/six?#@host/v1', 'canary/six?#'],
    ['me:canary-seven@host/v1', 'canary-seven'],
    ['http:\\\\me:canary-eight@host/v1', 'canary-eight'],
    ['http://canary-nine@host/v1', 'canary-nine'],
  ])('gives its secrets away to no text: %s', (url, secret) => {
    registerUrlSecrets(url);
    for (const text of [secret, encodeURIComponent(secret), JSON.stringify(secret), url]) {
      expect(redact(`The server said ${text}.`)).not.toContain(secret);
      expect(redact(`The server said ${text}.`)).toContain('[redacted]');
    }
  });

  test('keeps its API version', () => {
    registerUrlSecrets('https://gateway.example/v1?api-version=2026-01-01');
    expect(redact('since 2026-01-01')).toBe('since 2026-01-01');
  });

  test.each([
    ['http://me:pw@host/v1?key=abc#x', 'http://[redacted]@host/v1?[redacted]'],
    ['http://a b"c@host', 'http://[redacted]@host'],
    ['http://me:p/w@host', 'http://[redacted]@host'],
    ['me:pw@host', '[redacted]@host'],
    ['localhost:8000?key=abc', 'localhost:8000?[redacted]'],
    ['http://host/@me/v1', 'http://host/@me/v1'],
    ['http://host#token', 'http://host#[redacted]'],
  ])('is shown without credentials: %s', (url, shown) => {
    expect(withoutCredentials(url)).toBe(shown);
  });
});

describe('an excerpt', () => {
  test('has at most the length asked for, and an ellipsis if there is more', () => {
    expect(excerpt('short', 5)).toBe('short');
    expect(excerpt('longer', 5)).toBe('longe…');
    expect(excerpt('x'.repeat(100_000), 5)).toBe('xxxxx…');
  });

  test('shows no part of a secret, wherever it is cut', () => {
    const secret = 'straddling canary of no shape';
    registerSecret(secret);
    for (const size of [10, 30, 9_000, 20_000]) {
      for (const offset of [0, 3, 10, 20, 8_192, 8_200, 8_210]) {
        const text = 'x '.repeat((size + offset) / 2) + secret + ' y'.repeat(9_000);
        expect(excerpt(text, size)).not.toMatch(/stra|dling|canary/);
      }
    }
  });

  test('shows no part of a secret, whatever it is, however it is written and wherever it is cut', () => {
    const ways: readonly ((secret: string) => string)[] = [
      (secret) => secret,
      encodeURIComponent,
      (secret) => JSON.stringify(secret).slice(1, -1),
      (secret) => new URLSearchParams({ secret }).toString().slice(7),
      (secret) => Buffer.from(secret).toString('base64'),
    ];
    const secrets = fc.string({
      unit: fc.constantFrom(...'QRSTUV123456+/=&"% äß'),
      minLength: 8,
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        secrets,
        fc.constantFrom(...ways),
        fc.nat(600),
        fc.nat(600),
        fc.nat(9_000),
        (secret, write, at, length, rest) => {
          registerSecret(secret);
          const shown = excerpt(`${'x'.repeat(at)}${write(secret)}${'y'.repeat(rest)}`, length);
          const left = shown.replace(/^x*/, '').replace(/y*…?$/, '');
          // Base64 ends with up to three characters that depend on what follows.
          if (!'[redacted]'.startsWith(left)) expect(left).toMatch(/^\[redacted\].{0,3}$/);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('shows no part of a secret if others before it make room', () => {
    const secret = 'a very long canary '.repeat(400);
    registerSecret(secret);
    expect(excerpt(`${secret} and ${secret} and ${secret}`, 400)).not.toContain('canary');
  });
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

  test.each(['name', 'message', 'stack'])('copes with an error whose %s is no text', (member) => {
    const odd = Object.assign(new Error('odd'), { [member]: { code: 5 } });
    expect(redactCause(odd)).toMatchObject({ [member]: expect.any(String) });
  });
});
