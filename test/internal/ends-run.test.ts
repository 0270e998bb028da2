import { describe, expect, test } from 'vitest';
import {
  ContentFilterError,
  InvalidFileError,
  InvalidOptionError,
  MalformedReplyError,
  MissingKeyError,
  MissingPackageError,
  MissingWeightsError,
  ModelCallError,
  RunStorageError,
} from '../../src/errors.ts';
import { endsRun } from '../../src/internal/ends-run.ts';

const call = (status: number | undefined, retryable: boolean) =>
  new ModelCallError('model', 'failed.', { status, retryable });

describe('endsRun', () => {
  test.each([
    ['no key', new MissingKeyError('OpenAI', 'OPENAI_API_KEY')],
    ['no package', new MissingPackageError('node-llama-cpp', 'llamaCpp()')],
    ['no weights', new MissingWeightsError('gone')],
    ['a file that cannot be used', new InvalidFileError('model.gguf', 'is no model.')],
    ['a wrong option', new InvalidOptionError('turns', 'a number', 'x')],
    ['a full disk', new RunStorageError('full')],
    ['no server', call(undefined, true)],
    ['a refused key', call(401, false)],
    ['an account without money', call(402, false)],
    ['a forbidden model', call(403, false)],
    ['an unknown model', call(404, false)],
    ['a used-up quota', call(429, false)],
  ])('is true for %s: every other call would fail too', (_what, error) => {
    expect(endsRun(error)).toBe(true);
  });

  test.each([
    ['a malformed reply', new MalformedReplyError('not JSON.', 'x')],
    ['a reply that was withheld', new ContentFilterError('model', 'the response')],
    ['a prompt that is too long', call(undefined, false)],
    ['a refused request', call(400, false)],
    ['a busy server', call(429, true)],
    ['a failing server', call(503, true)],
    ['an error of a model of one’s own', new Error('boom')],
    ['something that is no error', 'boom'],
  ])('is false for %s: it belongs to one conversation', (_what, error) => {
    expect(endsRun(error)).toBe(false);
  });
});
