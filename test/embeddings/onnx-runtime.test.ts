import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOnnxRuntime } from '../../src/embeddings/onnx-runtime.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-onnxruntime-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Installs a package in a folder of the test. */
async function install(path: string, code: string): Promise<void> {
  const target = join(folder, path);
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'package.json'), JSON.stringify({ main: 'index.js' }));
  await writeFile(join(target, 'index.js'), code);
}

const named = (name: string) => `module.exports = { name: '${name}' };`;

describe('loadOnnxRuntime', () => {
  it('finds the one that the transformers library brought', async () => {
    const { InferenceSession, Tensor } = (await loadOnnxRuntime())!;
    expect(typeof InferenceSession.create).toBe('function');
    expect(new Tensor('float32', Float32Array.of(1), [1])).toMatchObject({ dims: [1] });
  });

  it('gives null where there is none', async () => {
    expect(await loadOnnxRuntime([folder])).toBeNull();
  });

  it("prefers the project's own to that of a library", async () => {
    await install('node_modules/onnxruntime-node', named('own'));
    await install('node_modules/@huggingface/transformers', '');
    await install('node_modules/@huggingface/transformers/node_modules/onnxruntime-node', named('nested'));
    expect(await loadOnnxRuntime([folder])).toMatchObject({ name: 'own' });
  });

  it.each(['@huggingface/transformers', '@xenova/transformers'])(
    'finds the one that only %s can see, through the link of a package manager',
    async (library) => {
      await install(`store/node_modules/${library}`, '');
      await install('store/node_modules/onnxruntime-node', named('beside'));
      const link = join(folder, 'node_modules', library);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(folder, 'store/node_modules', library), link, 'junction');
      expect(await loadOnnxRuntime([folder])).toMatchObject({ name: 'beside' });
    },
  );

  it('passes over one that does not load', async () => {
    await install('node_modules/onnxruntime-node', 'throw new Error("no build for this system");');
    expect(await loadOnnxRuntime([folder])).toBeNull();
    await install('other/node_modules/onnxruntime-node', named('other'));
    expect(await loadOnnxRuntime([folder, join(folder, 'other')])).toMatchObject({ name: 'other' });
  });

  it('is done without where native code is forbidden, and the filter decides alike', async () => {
    const script = fileURLToPath(new URL('./filter-many.ts', import.meta.url));
    const outputs = await Promise.all(
      [[], ['--permission', '--allow-fs-read=*']].map((flags) =>
        promisify(execFile)(process.execPath, [...flags, script]),
      ),
    );
    const [native, plain] = outputs.map(
      ({ stdout }) => JSON.parse(stdout) as { runtime: boolean; verdicts: unknown[] },
    );
    expect([native!.runtime, plain!.runtime]).toEqual([true, false]);
    expect(plain!.verdicts).toEqual(native!.verdicts);
    expect(plain!.verdicts).toHaveLength(600);
  });
});
