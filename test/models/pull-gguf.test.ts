import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { InvalidFileError, InvalidOptionError, MissingWeightsError } from '../../src/errors.ts';
import { readGgufTraits } from '../../src/models/gguf-traits.ts';
import { llamaCpp } from '../../src/models/llama-cpp.ts';
import { pullGguf } from '../../src/models/pull-gguf.ts';
import { ggufHead } from './gguf-bytes.ts';

const FILE = Buffer.concat([
  ggufHead({ 'general.architecture': 'llama', 'tokenizer.chat_template': '{{ messages[0].content }}' }, [
    { name: 'token_embd.weight', dimensions: [64, 100] },
    { name: 'output_norm.weight', dimensions: [64] },
  ]),
  Buffer.alloc(4 * (64 * 100 + 64)),
]);

/** A hub as `HF_ENDPOINT` may name one: it has `owner/tiny` in one quantisation. */
function startHub(asked: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(`${request.method} ${path}`);
    if (path === '/v2/owner/tiny-GGUF/manifests/Q4_K_M') {
      response.end(JSON.stringify({ ggufFile: { rfilename: 'tiny-q4_k_m.gguf' } }));
    } else if (path.startsWith('/owner/tiny-GGUF/resolve/main/tiny-q4_k_m.gguf')) {
      response.setHeader('content-length', FILE.length);
      response.end(request.method === 'HEAD' ? undefined : FILE);
    } else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

let folder: string;
let hub: Server;
const asked: string[] = [];

beforeAll(async () => {
  hub = await startHub(asked);
});
afterAll(() => new Promise((resolve) => hub.close(resolve)));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-gguf-'));
  vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${(hub.address() as AddressInfo).port}`);
  vi.stubEnv('MODEL_ENDPOINT', undefined);
  vi.stubEnv('HF_TOKEN', '');
  asked.length = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('pullGguf', () => {
  it("asks the hub for the model's file, downloads it once, and needs no network after that", async () => {
    const seen: number[] = [];
    const path = await pullGguf('hf:owner/tiny-GGUF:Q4_K_M', {
      modelsDir: folder,
      onProgress: ({ bytes }) => seen.push(bytes),
    });
    expect(path.startsWith(join(folder, 'gguf'))).toBe(true);
    expect(await readFile(path)).toEqual(FILE);
    expect(seen.at(-1)).toBe(FILE.length);
    expect(asked).toContain('GET /v2/owner/tiny-GGUF/manifests/Q4_K_M');

    asked.length = 0;
    expect(await pullGguf('hf:owner/tiny-GGUF:Q4_K_M', { modelsDir: folder, offline: true })).toBe(path);
    expect(asked).toEqual([]);
  });

  it.each([
    [
      'does not exist',
      'hf:owner/absent:Q4_K_M',
      {},
      /quantization "Q4_K_M".*Check its name and quantisation/s,
    ],
    ['has no such file', 'hf:owner/tiny-GGUF/absent.gguf', {}, /404.*Check its name/s],
    ['was not downloaded, offline', 'hf:owner/tiny-GGUF:Q4_K_M', { offline: true }, /Leave out offline/],
  ])('says what to do about a model that %s', async (_what, uri, options, message) => {
    const error = await pullGguf(uri, { modelsDir: folder, ...options }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MissingWeightsError);
    expect((error as Error).message).toContain(`Cannot get the model "${uri}"`);
    expect((error as Error).message).toMatch(message);
  });

  it('says what to do where the hub cannot be reached', async () => {
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
    for (const uri of ['hf:owner/tiny-GGUF:Q4_K_M', 'hf:owner/tiny-GGUF/tiny-q4_k_m.gguf']) {
      await expect(pullGguf(uri, { modelsDir: folder })).rejects.toThrow(
        /127\.0\.0\.1:9 cannot be reached.*pass its path/s,
      );
    }
  });

  it('refuses what is not such a name, and passes on an abort', async () => {
    await expect(pullGguf('models/tiny.gguf')).rejects.toThrow(InvalidOptionError);
    const signal = AbortSignal.abort(new Error('stopped by the test'));
    await expect(pullGguf('hf:owner/tiny-GGUF:Q4_K_M', { modelsDir: folder, signal })).rejects.toThrow(
      'stopped by the test',
    );
  });
});

describe('llamaCpp with a model on the hub', () => {
  it('is named after it, and asks the hub at the first call and again at the next', async () => {
    vi.stubEnv('ALOE_MODELS_DIR', folder);
    const model = llamaCpp({ modelPath: 'hf:owner/absent:Q8_0' });
    expect(model.id).toBe('llama-cpp:hf:owner/absent:Q8_0');
    expect(asked).toEqual([]);
    for (const calls of [1, 2]) {
      const request = { messages: [{ role: 'user' as const, content: 'Hello' }] };
      await expect(model.generate(request)).rejects.toThrow(MissingWeightsError);
      expect(asked.filter((path) => path.includes('manifests'))).toHaveLength(calls);
    }
    await model.dispose();
  });
});

describe('readGgufTraits', () => {
  it('counts the weights and looks for a chat template', async () => {
    const path = join(folder, 'chat.gguf');
    await writeFile(path, FILE);
    expect(await readGgufTraits(path)).toEqual({ parameters: 6_464, hasChatTemplate: true });
    const base = join(folder, 'base.gguf');
    await writeFile(
      base,
      ggufHead({ 'general.architecture': 'llama' }, [
        { name: 'output.weight', dimensions: [50_000, 40_000] },
      ]),
    );
    expect(await readGgufTraits(base)).toEqual({ parameters: 2_000_000_000, hasChatTemplate: false });
  });

  it('names a file whose head it cannot read', async () => {
    const path = join(folder, 'future.gguf');
    const bytes = Buffer.from(FILE);
    // The type of the first value: there is none of this number.
    bytes[bytes.indexOf('general.architecture') + 'general.architecture'.length] = 99;
    await writeFile(path, bytes);
    const error = await readGgufTraits(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidFileError);
    expect((error as Error).message).toContain(path);
  });
});
