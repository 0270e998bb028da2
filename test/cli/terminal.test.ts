import { stderr } from 'node:process';
import { expect, test, vi } from 'vitest';
import { createStatusLine, progressBar } from '../../src/cli/terminal.ts';

test.each([
  [0, '[--------------------]'],
  [0.25, '[#####---------------]'],
  [1, '[####################]'],
  [1.5, '[####################]'],
])('the bar of %f is %s', (fraction, bar) => {
  expect(progressBar(fraction)).toBe(bar);
});

test.each([
  [80, '[##########----------] evaluation: 2 of 4 conversations'],
  [30, '  evaluation: 2 of 4 conversa'],
])('in a terminal of %d columns', (columns, line) => {
  const { isTTY, columns: before } = stderr;
  Object.assign(stderr, { isTTY: true, columns });
  const write = vi.spyOn(stderr, 'write').mockReturnValue(true);
  createStatusLine().update('  evaluation: 2 of 4 conversations', 0.5);
  const written = write.mock.lastCall?.[0];
  vi.restoreAllMocks();
  Object.assign(stderr, { isTTY, columns: before });
  expect(written).toBe(`\r\u001b[2K${line}`);
});
