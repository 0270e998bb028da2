import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

const LISTS = [
  'python/requirements-train',
  ...['axolotl', 'llama-factory', 'newest', 'ray', 'statistics'].map(
    (name) => `tools/python/requirements-${name}`,
  ),
];

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** `name==version` of each line that has one, as pip compares names, without extras and conditions. */
const pins = (text: string): string[] =>
  [...text.matchAll(/^([\w.-]+)(?:\[.*\])?==([^\s;]+)/gm)].map(
    ([, name, version]) => `${name!.toLowerCase().replaceAll(/[._]/g, '-')}==${version}`,
  );

// After a change to a .in file: tools/python/lock.sh
describe.each(LISTS)('%s', (list) => {
  test('every package is pinned, with the hashes of its files', async () => {
    const entries = (await read(`${list}.txt`)).replaceAll('\\\n', ' ').split('\n');
    const packages = entries.filter((line) => line !== '' && !line.startsWith('#'));
    expect(packages.length).toBeGreaterThan(0);
    expect(
      packages.filter((line) => !/^[\w.-]+(\[.*\])?==\S+ .*--hash=sha256:[0-9a-f]{64}/.test(line)),
    ).toEqual([]);
  });

  test('the chosen versions are the locked ones, and torch is left to the user', async () => {
    const chosen = pins(await read(`${list}.in`)).filter((pin) => !pin.startsWith('torch=='));
    const locked = pins(await read(`${list}.txt`));
    expect(chosen.length).toBeGreaterThan(0);
    expect(locked).toEqual(expect.arrayContaining(chosen));
    expect(locked.filter((pin) => /^(torch|triton|nvidia-.*)==/.test(pin))).toEqual([]);
  });
});
