import { mkdirSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { locateWeights, modelsDirectory } from '../../src/weights/models-directory.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';
import { filesOf, WEIGHT_SETS, type WeightSetName } from '../../src/weights/sources.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-cache-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Files of the right size and no content: sparse, so that they cost nothing. */
async function lay(name: WeightSetName, sourceIndex: number): Promise<void> {
  for (const { path, bytes } of filesOf(WEIGHT_SETS[name].sources[sourceIndex]!)) {
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    await writeFile(file, '');
    await truncate(file, bytes);
  }
}

describe('modelsDirectory', () => {
  it('prefers the option to ALOE_MODELS_DIR, and that to the cache directory', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/cache');
    vi.stubEnv('ALOE_MODELS_DIR', '');
    expect(modelsDirectory()).toBe(resolve('/cache/aloe-align/models'));
    vi.stubEnv('ALOE_MODELS_DIR', '/from-environment');
    expect(modelsDirectory()).toBe(resolve('/from-environment'));
    expect(modelsDirectory({ modelsDir: 'here' })).toBe(resolve('here'));
  });
});

describe('locateWeights', () => {
  it.each(['smollm2-135m-instruct', 'all-minilm-l6-v2'] as const)('returns null if %s is missing', (name) => {
    expect(locateWeights(name, { modelsDir: folder })).toBeNull();
  });

  it('finds the file of a set with one file', async () => {
    await lay('smollm2-135m-instruct', 0);
    expect(locateWeights('smollm2-135m-instruct', { modelsDir: folder })).toBe(
      join(folder, 'smollm2-135m-instruct', 'SmolLM2-135M-Instruct.Q4_1.gguf'),
    );
  });

  it.each([0, 1])('finds the directory with the files of source %i', async (sourceIndex) => {
    await lay('all-minilm-l6-v2', sourceIndex);
    expect(locateWeights('all-minilm-l6-v2', { modelsDir: folder })).toBe(join(folder, 'all-minilm-l6-v2'));
  });

  it('does not accept a mix of files from two sources', async () => {
    await lay('all-minilm-l6-v2', 0);
    const other = filesOf(WEIGHT_SETS['all-minilm-l6-v2'].sources[1]!).find(
      ({ path }) => path === 'tokenizer.json',
    )!;
    await truncate(join(folder, 'all-minilm-l6-v2', other.path), other.bytes);
    expect(locateWeights('all-minilm-l6-v2', { modelsDir: folder })).toBeNull();
  });

  it('refuses an unknown name', () => {
    expect(() => locateWeights('gpt-5' as WeightSetName)).toThrow(InvalidOptionError);
  });
});

describe('pullWeights', () => {
  it('refuses an unknown set before downloading anything', async () => {
    await expect(pullWeights({ sets: ['gpt-5' as WeightSetName], modelsDir: folder })).rejects.toThrow(
      InvalidOptionError,
    );
  });

  it('does not trust a file for its size alone', async () => {
    await lay('all-minilm-l6-v2', 0);
    await expect(
      pullWeights({ sets: ['all-minilm-l6-v2'], modelsDir: folder, offline: true }),
    ).rejects.toThrow(/missing or have changed/);
  });
});

describe('the table of sources', () => {
  const sets = Object.values(WEIGHT_SETS);

  it('pins every source and every file', () => {
    for (const source of sets.flatMap((set) => set.sources)) {
      if (source.kind === 'hub') expect(source.revision).toMatch(/^[0-9a-f]{40}$/);
      else for (const { requirement } of source.wheels) expect(requirement).toMatch(/^[a-z0-9-]+==[0-9.]+$/);
      for (const file of filesOf(source)) {
        expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(file.path).not.toMatch(/^\/|\.\.|\\/);
      }
    }
  });

  it('gives the sources of a set equal paths and different sizes, so that files show their source', () => {
    const { sources } = WEIGHT_SETS['all-minilm-l6-v2'];
    const [first, second] = sources.map(
      (source) => new Map(filesOf(source).map((file) => [file.path, file.bytes])),
    );
    expect([...first!.keys()].toSorted()).toEqual([...second!.keys()].toSorted());
    for (const [path, bytes] of first!) expect(second!.get(path)).not.toBe(bytes);
  });
});
