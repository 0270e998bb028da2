import { afterEach, beforeEach, expect, test } from 'vitest';
import { local } from '../../../src/training/backends/local.ts';
import { slurm } from '../../../src/training/backends/slurm.ts';

const here = process.platform;
beforeEach(() => Object.defineProperty(process, 'platform', { value: 'win32' }));
afterEach(() => Object.defineProperty(process, 'platform', { value: here }));

test.each([
  ['local', () => local()],
  ['slurm', () => slurm({ dir: 'jobs' })],
])('%s refuses Windows and names what to use there', (name, create) => {
  expect(create).toThrow(
    expect.objectContaining({
      code: 'training-failed',
      backend: name,
      hint: expect.stringMatching(/WSL.*"ray"/),
    }),
  );
});
