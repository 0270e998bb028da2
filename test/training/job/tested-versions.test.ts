import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compareVersions, NEWEST_TESTED, pythonFor } from '../../../src/training/job/tested-versions.ts';

const pins = async (path: string) =>
  Object.fromEntries(
    [...(await readFile(path, 'utf8')).matchAll(/^([\w-]+)(?:\[\w+\])?==(\S+)$/gm)].map(
      ([, name, version]) => [name!, version!],
    ),
  );

test('the newest tested versions are those that the lane installs', async () => {
  const oldest = await pins('python/requirements-train.in');
  const newest = await pins('tools/python/requirements-newest.in');
  for (const [name, version] of Object.entries(NEWEST_TESTED)) {
    expect(version, name).toBe(newest[name] ?? oldest[name]);
  }
});

test('versions are compared by number', () => {
  expect(compareVersions('1.9.0', '1.13.0')).toBeLessThan(0);
  expect(compareVersions('2.13.0+cpu', '2.13.0')).toBe(0);
  expect(compareVersions('1.16', '1.16.0')).toBe(0);
  expect(compareVersions('1.17.0.dev0', '1.16.0')).toBeGreaterThan(0);
});

test('TRL needs a newer Python since 1.16', () => {
  expect(['1.13.0', '1.15.2', '1.16.0', '2.0.0'].map(pythonFor)).toEqual(['3.10', '3.10', '3.11', '3.11']);
});
