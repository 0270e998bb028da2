import { describe, expect, test } from 'vitest';
import {
  checkConcurrency,
  checkPacerLimits,
  checkPacerOptions,
} from '../../../src/models/pacing/pacer-options.ts';

describe('the options of a pacer', () => {
  test('have defaults: 16 calls in flight, half an hour, and no limits', () => {
    expect(checkPacerOptions({})).toEqual({
      concurrency: 16,
      maxPauseMs: 1_800_000,
      requestsPerMinute: undefined,
      tokensPerMinute: undefined,
    });
  });

  test('are taken as they are', () => {
    const given = { concurrency: 3, maxPauseMs: 0, requestsPerMinute: 1 / 1_440, tokensPerMinute: 5 };
    expect(checkPacerOptions(given)).toEqual(given);
  });

  test.each([
    ['concurrency', () => checkConcurrency(0)],
    ['concurrency', () => checkConcurrency(1.5)],
    ['concurrency', () => checkPacerOptions({ concurrency: 0 })],
    ['maxPauseMs', () => checkPacerOptions({ maxPauseMs: -1 })],
    ['requestsPerMinute', () => checkPacerLimits({ requestsPerMinute: 1 / 1_441 })],
    ['tokensPerMinute', () => checkPacerLimits({ tokensPerMinute: 0 })],
    ['tokensPerMinute', () => checkPacerOptions({ tokensPerMinute: Number.NaN })],
  ])('refuse a bad %s', (name, check) => {
    expect(check).toThrow(`Option "${name}"`);
  });
});
