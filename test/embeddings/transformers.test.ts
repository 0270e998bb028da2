import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { sessionOptions } from '../../src/embeddings/session-options.ts';
import {
  type TransformersModule,
  type TransformersPackage,
  transformersEmbedder,
} from '../../src/embeddings/transformers.ts';
import { InvalidFileError, InvalidOptionError, MissingWeightsError } from '../../src/errors.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';

const LIBRARIES: TransformersPackage[] = ['@huggingface/transformers', '@xenova/transformers'];

const TEXTS = [
  'She works nights as a nurse in Lagos and paints on Sundays.',
  'A night-shift nurse from Lagos who loves painting.',
  'He restores old motorcycles with his two daughters.',
  'I never talk about my divorce, not even to my sister.',
  'naïve café, 你好 世界, Привет, 🙂',
  'chess',
  '',
  'Retired postal worker who grows bonsai trees and writes haiku. '.repeat(12),
  'word '.repeat(700),
];

let modelPath: string;
const made: string[] = [];

beforeAll(async () => {
  // Does nothing where they are; where they are not and no source answers, the error says so and the tests fail.
  modelPath = (await pullWeights({ sets: ['all-minilm-l6-v2'] }))['all-minilm-l6-v2'];
}, 300_000);

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function copyOfWeights(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'aloe-minilm-')), 'copy');
  made.push(join(folder, '..'));
  await cp(modelPath, folder, { recursive: true });
  return folder;
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const difference = (a: Float32Array[], b: Float32Array[]) =>
  Math.max(...a.flatMap((vector, i) => [...vector].map((value, j) => Math.abs(value - b[i]![j]!))));

describe.each(LIBRARIES)('transformersEmbedder on %s', (lib) => {
  it('returns unit-length vectors that reflect what a text is about', async () => {
    const embedder = transformersEmbedder({ lib, modelPath });
    const vectors = await embedder.embed(TEXTS);
    expect(vectors).toHaveLength(TEXTS.length);
    for (const vector of vectors) {
      expect(vector).toHaveLength(384);
      expect(Math.sqrt(dot(vector, vector))).toBeCloseTo(1, 6);
    }
    expect(dot(vectors[0]!, vectors[1]!)).toBeGreaterThan(0.7);
    expect(dot(vectors[0]!, vectors[2]!)).toBeLessThan(0.3);
  });

  it('keeps the order of the texts, whatever the batches', async () => {
    const together = await transformersEmbedder({ lib, modelPath, batchSize: 4 }).embed(TEXTS);
    const oneByOne = transformersEmbedder({ lib, modelPath });
    const alone = [];
    for (const text of TEXTS) alone.push(...(await oneByOne.embed([text])));
    expect(difference(together, alone)).toBeLessThan(1e-5);
  });

  it('loads nothing for an empty list, and stops on an abort', async () => {
    const embedder = transformersEmbedder({ lib, modelPath });
    expect(await embedder.embed([])).toEqual([]);
    const reason = new Error('enough');
    await expect(embedder.embed(['a'], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('reports a damaged model file', async () => {
    const folder = await copyOfWeights();
    // 2.x prints the reason and tries a second runtime before it gives up.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    await writeFile(join(folder, 'tokenizer.json'), '{');
    await expect(transformersEmbedder({ lib, modelPath: folder }).embed(['a'])).rejects.toThrow(
      InvalidFileError,
    );
  });
});

describe('both libraries', () => {
  it('give the same vectors from the same files, under the same id', async () => {
    const [a, b] = LIBRARIES.map((lib) => transformersEmbedder({ lib, modelPath, batchSize: 4 }));
    expect(a!.id).toBe(b!.id);
    expect(difference(await a!.embed(TEXTS), await b!.embed(TEXTS))).toBeLessThan(1e-5);
  });

  it('can be passed as imported modules, and are not changed', async () => {
    for (const library of LIBRARIES) {
      const module: typeof import('@huggingface/transformers') = await import(library);
      const before = JSON.stringify(module.env);
      const embedder = transformersEmbedder({ lib: module, modelPath });
      expect(
        difference(
          await embedder.embed(['chess']),
          await transformersEmbedder({ modelPath }).embed(['chess']),
        ),
      ).toBeLessThan(1e-5);
      expect(JSON.stringify(module.env)).toBe(before);
    }
  });
});

describe('the weights', () => {
  it('are the pulled ones by default', () => {
    expect(transformersEmbedder().id).toBe(transformersEmbedder({ modelPath }).id);
    expect(transformersEmbedder().id).toMatch(/^transformers:all-minilm-l6-v2:q8:[0-9a-f]{8}$/);
  });

  it('are named in the id: other bytes, another id', async () => {
    const folder = await copyOfWeights();
    expect(transformersEmbedder({ modelPath: folder }).id).toMatch(/^transformers:copy:q8:/);
    const before = transformersEmbedder({ modelPath: folder }).id;
    await truncate(join(folder, 'onnx', 'model_quantized.onnx'), 1_000);
    expect(transformersEmbedder({ modelPath: folder }).id).not.toBe(before);
  });

  it('come from the hub, by id, if no directory has them', () => {
    vi.stubEnv('ALOE_MODELS_DIR', join(tmpdir(), 'aloe-no-models-here'));
    expect(transformersEmbedder().id).toBe('transformers:Xenova/all-MiniLM-L6-v2:q8');
    expect(transformersEmbedder({ dtype: 'fp32' }).id).toBe('transformers:Xenova/all-MiniLM-L6-v2:fp32');
    expect(transformersEmbedder({ model: 'Xenova/bge-small-en' }).id).toBe(
      'transformers:Xenova/bge-small-en:q8',
    );
  });

  it('are reported at once when a directory lacks a file, with path and remedy', async () => {
    const folder = await copyOfWeights();
    await rm(join(folder, 'tokenizer.json'));
    expect(() => transformersEmbedder({ modelPath: folder })).toThrow(MissingWeightsError);
    expect(() => transformersEmbedder({ modelPath: folder })).toThrow(join(folder, 'tokenizer.json'));
    expect(() => transformersEmbedder({ modelPath, dtype: 'fp32' })).toThrow(join('onnx', 'model.onnx'));
    expect(() => transformersEmbedder({ modelPath: folder })).toThrow('npx aloe-align models pull');
  });
});

describe('the use of the library', () => {
  /** Answers with vectors that tell the length of their text. */
  function scriptedModule() {
    const loads: object[] = [];
    const batches: string[][] = [];
    const state = { failures: 0 };
    const module: TransformersModule = {
      async pipeline(task, model, options) {
        loads.push({ task, model, ...options });
        if (state.failures-- > 0) throw new Error('fetch failed');
        return async (texts: string[]) => {
          batches.push(texts);
          return {
            data: Float32Array.from(texts.flatMap((text) => [text.length, 1])),
            dims: [texts.length, 2],
          };
        };
      },
    };
    return { module, loads, batches, state };
  }

  it('loads the model once for concurrent calls', async () => {
    const { module, loads } = scriptedModule();
    const embedder = transformersEmbedder({ lib: module, model: 'x/y', dimensions: 2 });
    expect(loads).toEqual([]);
    await Promise.all([embedder.embed(['a']), embedder.embed(['b']), embedder.embed(['c'])]);
    expect(loads).toEqual([
      {
        task: 'feature-extraction',
        model: 'x/y',
        dtype: 'q8',
        quantized: true,
        session_options: sessionOptions(),
      },
    ]);
  });

  it('passes on how many threads to use', async () => {
    const { module, loads } = scriptedModule();
    const embedder = transformersEmbedder({ lib: module, model: 'x/y', dimensions: 2, threads: 3 });
    await embedder.embed(['a']);
    expect(loads).toMatchObject([{ session_options: { intraOpNumThreads: 3 } }]);
  });

  it('loads again after a failure, whose error names the remedy', async () => {
    const { module, state } = scriptedModule();
    state.failures = 1;
    const embedder = transformersEmbedder({ lib: module, model: 'x/y', dimensions: 2 });
    const error = await embedder.embed(['a']).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MissingWeightsError);
    expect((error as Error).message).toMatch(/x\/y.*fetch failed.*models pull/);
    expect(await embedder.embed(['a'])).toHaveLength(1);
  });

  it('batches texts of similar length', async () => {
    const { module, batches } = scriptedModule();
    const embedder = transformersEmbedder({ lib: module, model: 'x/y', dimensions: 2, batchSize: 2 });
    const texts = ['aaaa', 'b', 'ccccc', 'dd'];
    const vectors = await embedder.embed(texts);
    expect(batches).toEqual([
      ['b', 'dd'],
      ['aaaa', 'ccccc'],
    ]);
    expect(vectors.map((vector) => Math.round(vector[0]! / vector[1]!))).toEqual(
      texts.map((text) => text.length),
    );
  });

  it('runs 8-bit weights one text at a time by default', async () => {
    for (const [dtype, expected] of [
      ['q8', 3],
      ['fp32', 1],
    ] as const) {
      const { module, batches } = scriptedModule();
      await transformersEmbedder({ lib: module, model: 'x/y', dimensions: 2, dtype }).embed(['a', 'b', 'c']);
      expect(batches).toHaveLength(expected);
    }
  });

  it('refuses vectors of an unexpected length', async () => {
    const { module } = scriptedModule();
    await expect(transformersEmbedder({ lib: module, model: 'x/y' }).embed(['a'])).rejects.toThrow(
      /2 dimensions, not the 384 expected/,
    );
  });

  it.each([
    ['lib', { lib: 'transformers' as never }],
    ['lib', { lib: {} as never }],
    ['dtype', { dtype: 'q4' as never }],
    ['batchSize', { batchSize: 0 }],
    ['threads', { threads: 0 }],
    ['dimensions', { dimensions: 1.5 }],
    ['model', { model: 'x/y', modelPath: '.' }],
  ])('refuses a bad %s at once', (option, options) => {
    expect(() => transformersEmbedder(options)).toThrow(InvalidOptionError);
    expect(() => transformersEmbedder(options)).toThrow(`"${option}"`);
  });
});
