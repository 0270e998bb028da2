import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findPackage, isInstalled } from '../../src/internal/find-package.ts';
import { importOptional } from '../../src/internal/import-optional.ts';

const NAME = '@aloe-align/only-in-project';

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'aloe-project-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(project, { recursive: true });
});

/** Installs a package in the project, with these files. Returns the URL of one of them. */
async function install(manifest: object, files: Readonly<Record<string, string>> = {}) {
  const folder = join(project, 'node_modules', NAME);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: NAME, ...manifest }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return (name: string) => pathToFileURL(join(folder, name)).href;
}

describe('findPackage', () => {
  it.each([
    ['a path', './main.js'],
    ['a table with a path', { '.': './main.js', './other': './other.js' }],
    ['conditions', { types: './main.d.ts', require: './main.cjs', import: './main.js' }],
    [
      'nested conditions, of which the first that is met counts',
      {
        '.': {
          browser: './web.js',
          node: { require: './main.cjs', import: { types: './main.d.ts', default: './main.js' } },
          default: './web.js',
        },
      },
    ],
    ['a list', [{ deno: './deno.js' }, './main.js']],
  ])('reads exports that are %s, as import would', async (_what, exports) => {
    const url = await install({ main: './main.cjs', exports });
    expect(findPackage(NAME, project)).toBe(url('main.js'));
  });

  it('falls back on main, then on index.js', async () => {
    const url = await install({ main: './src/main.js' });
    expect(findPackage(NAME, project)).toBe(url('src/main.js'));
    await install({});
    expect(findPackage(NAME, project)).toBe(url('index.js'));
  });

  it('looks in the folders above, too', async () => {
    const url = await install({});
    expect(findPackage(NAME, join(project, 'packages', 'own'))).toBe(url('index.js'));
  });

  it('finds nothing that is not installed, or has no main module', async () => {
    expect(findPackage(NAME, project)).toBeNull();
    await install({ exports: { './other': './other.js', '.': { require: './main.cjs' } } });
    expect(findPackage(NAME, project)).toBeNull();
  });

  it("finds this repository's own packages where Node.js finds them", async () => {
    for (const name of ['node-llama-cpp', '@huggingface/transformers', 'ai', 'zod']) {
      const found = await realpath(fileURLToPath(findPackage(name, process.cwd())!));
      expect(pathToFileURL(found).href).toBe(import.meta.resolve(name));
    }
  });
});

describe("a package that is installed only in the user's project", () => {
  it('is found and imported, as an ES module', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(project);
    expect(isInstalled(NAME)).toBe(false);
    await install(
      { exports: { import: './main.mjs', require: './main.cjs' } },
      { 'main.mjs': 'export const kind = "esm";', 'main.cjs': 'exports.kind = "cjs";' },
    );
    expect(isInstalled(NAME)).toBe(true);
    expect(await importOptional<{ kind: string }>(NAME, 'this test')).toMatchObject({ kind: 'esm' });
  });

  it('passes on its own error', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(project);
    await install({ exports: './main.mjs' }, { 'main.mjs': 'throw new Error("no such processor");' });
    await expect(importOptional(NAME, 'this test')).rejects.toThrow('no such processor');
  });
});
