import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MissingPackageError } from '../../src/errors.ts';
import { importOptional } from '../../src/internal/import-optional.ts';

describe('importOptional', () => {
  it('returns the module of an installed package', async () => {
    const { openPromise } = await importOptional<typeof import('yauzl')>('yauzl', 'this test');
    expect(openPromise).toBeTypeOf('function');
  });

  it.each(['aloe-align-absent', '@aloe-align/absent'])(
    'names %s, what needs it and how to install it',
    async (name) => {
      const error = await importOptional(name, 'fancyEmbedder()').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(MissingPackageError);
      expect((error as Error).message).toContain(`fancyEmbedder() needs the package "${name}"`);
      expect((error as Error).message).toContain(`npm install ${name}`);
      expect((error as Error).cause).toBeInstanceOf(Error);
    },
  );

  it.each([
    ['lacks a package of its own', "import 'aloe-align-absent';", /aloe-align-absent/],
    ['throws while it loads', "throw new Error('no such processor');", /no such processor/],
  ])('passes on the error of a package that %s', async (_what, code, message) => {
    const folder = await mkdtemp(join(tmpdir(), 'aloe-import-'));
    try {
      const file = join(folder, 'broken.mjs');
      await writeFile(file, code);
      const error = await importOptional(pathToFileURL(file).href, 'this test').catch(
        (reason: unknown) => reason,
      );
      expect(error).not.toBeInstanceOf(MissingPackageError);
      expect((error as Error).message).toMatch(message);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
