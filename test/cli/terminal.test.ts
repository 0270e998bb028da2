import { expect, test } from 'vitest';
import { progressBar } from '../../src/cli/terminal.ts';

test.each([
  [0, '[--------------------]'],
  [0.25, '[#####---------------]'],
  [1, '[####################]'],
  [1.5, '[####################]'],
])('the bar of %f is %s', (fraction, bar) => {
  expect(progressBar(fraction)).toBe(bar);
});
