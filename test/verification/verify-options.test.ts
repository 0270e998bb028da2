import { describe, expect, test } from 'vitest';
import { memoryRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { checkVerifyOptions, type VerifyPairsOptions } from '../../src/verification/verify-options.ts';
import { verifyPairPrompt } from '../../src/verification/verify-pair-prompt.ts';

const judge = scriptedModel('unused');

describe('the options of verifyPairs()', () => {
  test('have defaults', () => {
    const run = memoryRun({ concurrency: 7 });
    const { onEvent, ...checked } = checkVerifyOptions({ run, judge });
    expect(checked).toEqual({
      run,
      judge,
      prompt: verifyPairPrompt,
      temperature: 0,
      maxOutputTokens: 300,
      attempts: 3,
      concurrency: 7,
      order: 'input',
      signal: undefined,
    });
    expect(onEvent({ type: 'verification-start', conversationId: 'c' })).toBeUndefined();
    expect(checkVerifyOptions({ judge }).run.seed).toBe(0);
  });

  test('are used as they are given', () => {
    const given: VerifyPairsOptions = {
      run: memoryRun(),
      judge,
      prompt: { ...verifyPairPrompt, id: 'own' },
      temperature: 0.5,
      maxOutputTokens: 1,
      attempts: 1,
      concurrency: 1,
      order: 'finish',
      onEvent: () => {},
      signal: new AbortController().signal,
    };
    expect(checkVerifyOptions(given)).toEqual(given);
  });

  test.each<[string, object]>([
    ['Option "judge": expected a ChatModel', { judge: {} }],
    ['Option "prompt": expected a prompt: { id, version, messages() }', { judge, prompt: {} }],
    ['temperature', { judge, temperature: -0.1 }],
    ['maxOutputTokens', { judge, maxOutputTokens: 0 }],
    ['maxOutputTokens', { judge, maxOutputTokens: 1.5 }],
    ['attempts', { judge, attempts: 0 }],
    ['concurrency', { judge, concurrency: 0 }],
    ['Option "order": expected one of "finish", "input"', { judge, order: 'random' }],
    ['onEvent', { judge, onEvent: 'print' }],
    ['verifyPairs() has no option "jugde"', { judge, jugde: 1 }],
    ['verifyPairs()', null as unknown as object],
  ])('say what is wrong: %s', (words, options) => {
    expect(() => checkVerifyOptions(options as VerifyPairsOptions)).toThrow(words);
  });
});
