import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  AloeError,
  ContentFilterError,
  InvalidFileError,
  InvalidOptionError,
  MalformedReplyError,
  MissingKeyError,
  MissingPackageError,
  MissingWeightsError,
  ModelCallError,
  RunConflictError,
  RunStorageError,
} from '../src/errors.ts';

const KEY = 'sk-proj-Abc0123456789def0123456789';

const ALL: readonly [string, string, AloeError][] = [
  ['InvalidOptionError', 'invalid-option', new InvalidOptionError('turns', 'a number', 'x')],
  ['MissingKeyError', 'missing-key', new MissingKeyError('OpenAI', 'OPENAI_API_KEY')],
  ['MissingPackageError', 'missing-package', new MissingPackageError('node-llama-cpp', 'llamaCpp()')],
  ['MissingWeightsError', 'missing-weights', new MissingWeightsError('gone.')],
  ['ModelCallError', 'model-call-failed', new ModelCallError('gpt', 'failed.', { retryable: false })],
  ['MalformedReplyError', 'malformed-reply', new MalformedReplyError('not JSON.', 'hm')],
  ['ContentFilterError', 'content-filter', new ContentFilterError('gpt', 'the response')],
  ['InvalidFileError', 'invalid-file', new InvalidFileError('a.json', 'is damaged.')],
  ['RunConflictError', 'run-conflict', new RunConflictError('another seed.')],
  ['RunStorageError', 'run-storage', new RunStorageError('disk full.')],
];

describe('every error of the library', () => {
  test.each(ALL)('%s has its name and the code %s', (name, code, error) => {
    expect(error).toMatchObject({ name, code });
    expect(error).toBeInstanceOf(Error);
    expect(AloeError.isInstance(error)).toBe(true);
    expect(String(error)).toMatch(new RegExp(`^${name}: `));
  });

  test('says what to do after what went wrong', () => {
    const error = new RunConflictError('Another seed.', { hint: 'Leave the seed out.' });
    expect(error.message).toBe('Another seed. Leave the seed out.');
    expect(error.hint).toBe('Leave the seed out.');
    expect(new RunConflictError('Another seed.')).toMatchObject({
      message: 'Another seed.',
      hint: undefined,
    });
    expect('cause' in new RunConflictError('Another seed.')).toBe(false);
  });

  test('holds no secret in message, hint, reply, stack or cause', () => {
    const cause = Object.assign(new Error(`Incorrect key ${KEY}`, { cause: new Error(`sent ${KEY}`) }), {
      headers: { authorization: `Bearer ${KEY}` },
    });
    const errors = [
      new AloeError('run-storage', `message ${KEY}`, { hint: `hint ${KEY}`, cause }),
      new ModelCallError('gpt', `refused ${KEY}`, { retryable: false, cause }),
      new MalformedReplyError(`got ${KEY}`, `my key is ${KEY}`),
      new InvalidOptionError('baseUrl', 'a URL', `https://me:${KEY}@host`),
      new MissingPackageError('x', 'y', cause),
    ];
    for (const error of errors) {
      for (const text of [
        error.message,
        error.stack,
        JSON.stringify(error),
        inspect(error, { depth: null, showHidden: true }),
      ]) {
        expect(text).not.toContain(KEY);
        expect(text).not.toContain('Abc0123456789');
      }
    }
    expect((errors[0]!.cause as Error).message).toBe('Incorrect key [redacted]');
  });

  test('keeps an error of the family as a cause as it is', () => {
    const cause = new MissingKeyError('OpenAI', 'OPENAI_API_KEY');
    expect(new RunStorageError('failed.', { cause }).cause).toBe(cause);
  });
});

describe('isInstance', () => {
  test('knows an error of another copy of this package', async () => {
    const other: typeof import('../src/errors.ts') = await import(`../src/errors.ts?${'copy'}`);
    const foreign = new other.ModelCallError('gpt', 'busy.', { retryable: true });
    expect(foreign).not.toBeInstanceOf(AloeError);
    expect(AloeError.isInstance(foreign)).toBe(true);
    expect(ModelCallError.isInstance(foreign)).toBe(true);
    expect(ModelCallError.isInstance(new other.RunStorageError('full.'))).toBe(false);
  });

  test.each([
    new Error('plain'),
    new DOMException('stop', 'AbortError'),
    { code: 'missing-key' },
    null,
    undefined,
    'text',
  ])('does not take %o for one of the family', (value) => {
    expect(AloeError.isInstance(value)).toBe(false);
  });
});

describe('InvalidOptionError', () => {
  test.each([
    ['text', '"text"'],
    ['x'.repeat(100), `"${'x'.repeat(80)}…"`],
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [[1, 2, 3], 'an array of 3'],
    [{ a: 1 }, 'object'],
    [() => {}, 'function'],
  ])('shows what it got, %o, in a few words', (got, shown) => {
    expect(new InvalidOptionError('turns', 'a number', got).message).toBe(
      `Option "turns": expected a number, got ${shown}.`,
    );
  });
});

describe('no error shows', () => {
  const key = 'sk-proj-Abc0123456789def0123456789';
  test.each([76, 70, 60, 10])('a part of a key that the cut at 80 characters divides, after %i', (length) => {
    const { message } = new InvalidOptionError('model', 'a name', 'x '.repeat(length / 2) + key);
    expect(message).not.toContain('sk-pr');
  });

  test.each([390, 380, 370])('a part of a key in a malformed reply, after %i characters', (length) => {
    const { reply, message } = new MalformedReplyError(
      'No.',
      'x '.repeat(length / 2) + key + ' y'.repeat(9_000),
    );
    expect(reply + message).not.toContain('sk-pr');
  });

  test.each([
    'https://me:pa ss@gateway.example/v1',
    `https://me:'pa"ss'@gateway.example/v1`,
    `https://${'long'.repeat(30)}:pass@gateway.example/v1`,
    'https://gateway.example/v1?key=pass',
    'https://gateway.example/v1#pass',
    's3://me:pa/ss@bucket/file',
  ])('the password in %s', (url) => {
    const { message } = new InvalidOptionError('server', 'a URL', url);
    expect(message).not.toMatch(/pa ?['"/]?ss/);
  });
});

test('MissingKeyError names the variable, MissingPackageError the command', () => {
  expect(new MissingKeyError('OpenAI', 'OPENAI_API_KEY').message).toContain('OPENAI_API_KEY');
  expect(new MissingPackageError('ai', 'aiSdk()').message).toContain('npm install ai');
});

test('MalformedReplyError shows the beginning of a long reply', () => {
  const { reply, message } = new MalformedReplyError('Too long.', 'x'.repeat(5_000));
  expect(reply).toBe(`${'x'.repeat(400)}…`);
  expect(message.length).toBeLessThan(500);
});

test('ModelCallError says whether and when to try again', () => {
  const error = new ModelCallError('gpt', 'busy.', { retryable: true, status: 429, retryAfterMs: 7_000 });
  expect(error).toMatchObject({ status: 429, retryable: true, retryAfterMs: 7_000 });
  expect(error.message).toBe('gpt: busy.');
});
