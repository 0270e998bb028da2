import { expect, test } from 'vitest';
import { withoutReasoning } from '../../src/models/without-reasoning.ts';

test.each([
  ['<think>They like bees.</think>\n\nBees!', '\n\nBees!'],
  ['They like bees.</think>Bees!', 'Bees!'],
  ['<think>They like be', ''],
  ['Bees!', 'Bees!'],
])('reasoning is no part of what is said: %j', (text, said) => {
  expect(withoutReasoning(text)).toBe(said);
});
