import { describe, expect, test } from 'vitest';
import { type SlurmBackendOptions, slurm } from '../../../src/training/backends/slurm.ts';

describe('slurm', () => {
  test.each<[string, object, string]>([
    ['an unknown option', { dir: '/mnt', partitions: 'gpu' }, 'Did you mean "partition"?'],
    ['no directory', {}, 'Option "dir": expected a directory that the nodes can see'],
    ['a directory that Slurm misreads', { dir: '/mnt/a\\b' }, 'Slurm cannot start jobs there.'],
  ])('refuses %s', (_what, options, message) => {
    expect(() => slurm(options as SlurmBackendOptions)).toThrow(message);
  });
});
