import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/internal/hash.ts';
import { extractEntries } from '../../src/weights/zip-entry.ts';
import { makeZip, SYMBOLIC_LINK, type ZipItem } from './make-zip.ts';

const GOOD = { name: 'pack/model.bin', content: 'the weights' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-zip-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function extract(
  items: readonly ZipItem[],
  expected: { sha256?: string; bytes?: number } = {},
): Promise<string> {
  const archive = join(folder, 'a.whl');
  await writeFile(archive, makeZip(items));
  const to = join(folder, 'out', 'model.bin');
  const sum = { sha256: sha256(GOOD.content), bytes: GOOD.content.length };
  await extractEntries(archive, [{ entry: GOOD.name, to, ...sum, ...expected }]);
  return readFile(to, 'utf8');
}

describe('extractEntries', () => {
  it('extracts the wanted entry and no other', async () => {
    expect(await extract([{ name: 'pack/__init__.py', content: 'print()' }, GOOD])).toBe('the weights');
    expect(await readdir(join(folder, 'out'))).toEqual(['model.bin']);
  });

  it('reads compressed entries', async () => {
    expect(await extract([{ ...GOOD, deflatedTo: GOOD.content.length }])).toBe('the weights');
  });

  const outside = { name: '../evil', content: 'x' };
  const refused: [string, ZipItem[], RegExp][] = [
    ['an entry that climbs out', [GOOD, outside], /invalid relative path/],
    ['an absolute path', [GOOD, { ...outside, name: '/etc/evil' }], /absolute path/],
    ['a drive letter', [GOOD, { ...outside, name: 'C:/evil' }], /absolute path/],
    ['a backslash', [GOOD, { ...outside, name: '..\\evil' }], /invalid characters/],
    [
      'a link, even an unwanted one',
      [GOOD, { name: 'l', content: '/etc/passwd', mode: SYMBOLIC_LINK }],
      /is a link/,
    ],
    ['the wanted entry as a link', [{ ...GOOD, mode: SYMBOLIC_LINK }], /is a link/],
    ['the same name twice', [GOOD, { ...GOOD, content: 'evil weight' }], /has the entry ".*" twice/],
    ['a missing entry', [{ name: 'other', content: 'x' }], /no entry "pack\/model.bin"/],
    [
      'a declared size other than expected',
      [{ ...GOOD, content: 'the weights, and a bomb' }],
      /has 23 bytes, expected 11/,
    ],
    [
      'a bomb that unpacks to more than it says',
      [{ ...GOOD, content: 'x'.repeat(1e6), deflatedTo: 11 }],
      /too many bytes|larger than/,
    ],
    [
      'an entry that unpacks to less than it says',
      [{ ...GOOD, content: 'few', deflatedTo: 11 }],
      /not enough bytes|ended after/,
    ],
    [
      'the right size with other bytes',
      [{ ...GOOD, content: 'the_weights' }],
      /SHA-256 is [0-9a-f]{64}, expected/,
    ],
  ];
  it.each(refused)('refuses %s', async (_what, items, message) => {
    await expect(extract(items)).rejects.toThrow(message);
  });

  it('refuses a file that is not a zip', async () => {
    const archive = join(folder, 'page.whl');
    await writeFile(archive, '<html>Please log in to this network</html>');
    await expect(extractEntries(archive, [])).rejects.toThrow(/end of central directory/i);
  });
});
