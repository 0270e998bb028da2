import { expect, test } from 'vitest';
import { createTextChecks } from '../../../src/preferences/faults/text-checks.ts';
import { texts } from './texts.ts';

test('the checks come with the worst fault first', () => {
  expect(createTextChecks().map(({ fault }) => fault)).toEqual([
    'prompt-leak',
    'benchmark-overlap',
    'refusal',
    'assistant-voice',
    'wrong-language',
    'repetition',
    'near-identical',
  ]);
});

test('the check for prompts knows those of the caller', () => {
  const prompt = 'Speak as a pirate who has lost his only ship.';
  const [leak] = createTextChecks([prompt]);
  expect(leak!.find(texts('Hi.', prompt))).toBe('speak as a pirate who has lost his');
  expect(createTextChecks()[0]!.find(texts('Hi.', prompt))).toBeNull();
});
