import { copyFile, mkdir, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  InvalidFileError,
  InvalidOptionError,
  MissingWeightsError,
  ModelCallError,
} from '../../src/errors.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { type LlamaCppModel, type LlamaCppOptions, llamaCpp } from '../../src/models/llama-cpp.ts';
import { chatModelConformance } from '../../src/testing/chat-model-conformance.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';
import { writeRandomLora } from './random-lora.ts';

const REQUEST: ChatRequest = {
  messages: [{ role: 'user', content: 'Tell me about your garden.' }],
  temperature: 0.9,
  maxOutputTokens: 16,
  seed: 7,
};

let folder: string;
let modelPath: string;
let model: LlamaCppModel;

const load = (options: Partial<LlamaCppOptions> = {}) =>
  llamaCpp({ modelPath, contextSize: 512, gpu: false, ...options });
const answer = async (request: Partial<ChatRequest>, from = model) =>
  (await from.generate({ ...REQUEST, ...request })).text;

beforeAll(async () => {
  // Does nothing if the weights are here. If they are not and no source has them, the tests fail with that error.
  modelPath = (await pullWeights({ sets: ['smollm2-135m-instruct'] }))['smollm2-135m-instruct'];
  folder = await mkdtemp(join(tmpdir(), 'aloe-llama-'));
  model = load();
}, 300_000);
afterAll(async () => {
  await model.dispose();
  await rm(folder, { recursive: true });
});

describe.each(chatModelConformance(() => model))(
  'llamaCpp fulfils the chat model contract',
  ({ name, run }) => {
    test(name, run);
  },
);

describe('a reply', () => {
  test('depends on its request alone, whatever was computed before', async () => {
    const first = await answer({});
    await answer({ messages: [{ role: 'user', content: 'Tell me about your car.' }] });
    expect(await answer({})).toBe(first);
  });

  test('differs with the seed', async () => {
    const texts = [];
    for (const seed of [1, 2, 3]) texts.push(await answer({ seed }));
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  test('is the most likely one at temperature 0, whatever the seed', async () => {
    expect(await answer({ temperature: 0, seed: 1 })).toBe(await answer({ temperature: 0, seed: 2 }));
  });

  test('ends at its length limit or before a stop sequence, and reports which', async () => {
    const cut = await model.generate({ ...REQUEST, maxOutputTokens: 3 });
    expect(cut).toMatchObject({ finishReason: 'length', usage: { outputTokens: 3, cachedInputTokens: 0 } });
    const whole = await answer({ temperature: 0, maxOutputTokens: 16 });
    const stop = whole.slice(6, 9);
    const stopped = await model.generate({ ...REQUEST, temperature: 0, stop: [stop] });
    expect(stopped).toMatchObject({ finishReason: 'stop', text: whole.slice(0, whole.indexOf(stop)) });
  });

  test('is the same when other calls are computed concurrently', async () => {
    const several = load({ concurrency: 3, threads: 1 });
    try {
      const requests = [1, 2, 3, 4, 5].map((seed) => ({ seed, maxOutputTokens: 4 * seed }));
      const together = await Promise.all(requests.map((request) => answer(request, several)));
      const alone = [];
      for (const request of requests) alone.push(await answer(request));
      expect(together).toEqual(alone);
    } finally {
      await several.dispose();
    }
  });

  test('counts tokens of a known prompt as cached if prompts are cached', async () => {
    const caching = load({ cachedPrompts: 2 });
    try {
      const first = await caching.generate(REQUEST);
      const second = await caching.generate({
        ...REQUEST,
        messages: [
          ...REQUEST.messages,
          { role: 'assistant', content: first.text },
          { role: 'user', content: 'Go on.' },
        ],
      });
      expect(second.usage.inputTokens).toBeGreaterThan(first.usage.inputTokens);
      expect(second.usage.cachedInputTokens).toBeGreaterThan(first.usage.inputTokens / 2);
    } finally {
      await caching.dispose();
    }
  });
});

describe('a JSON reply', () => {
  const ids = ['F1', 'F2', 'T1'] as const;

  test('matches its schema, even if the prompt does not mention it', async () => {
    const shape = z.object({
      score: z.number().int().min(2).max(4),
      revealed: z.array(z.enum(ids)).min(1).max(2),
      kind: z.literal('verdict'),
      other: z.number().int().min(1).max(5).nullable(),
    });
    const { $schema: _, ...schema } = z.toJSONSchema(shape);
    for (const seed of [1, 2, 3]) {
      const text = await answer({
        seed,
        temperature: 1.5,
        maxOutputTokens: 150,
        outputSchema: { name: 'x', schema },
      });
      expect(shape.safeParse(JSON.parse(text)), text).toMatchObject({ success: true });
    }
  });

  test('with one schema does not constrain the next call', async () => {
    const schema = { type: 'object', properties: { a: { enum: [1] } }, required: ['a'] };
    expect(JSON.parse(await answer({ maxOutputTokens: 40, outputSchema: { name: 'x', schema } }))).toEqual({
      a: 1,
    });
    expect(await answer({ temperature: 0 })).not.toContain('{');
  });
});

describe('a call that fails or is aborted', () => {
  test('with a prompt that is too long reports the numbers and a hint, and fails only this call', async () => {
    const long = { role: 'user' as const, content: 'word '.repeat(600) };
    const error = await answer({ messages: [long] }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelCallError);
    expect(error).toMatchObject({ retryable: false, status: undefined });
    expect((error as Error).message).toMatch(
      /prompt of 6\d\d tokens .* do not fit in the context of 512\. Raise contextSize/,
    );
    await expect(answer({ maxOutputTokens: 511 })).rejects.toThrow(/reply of up to 511/);
    expect(await answer({ temperature: 0 })).not.toBe('');
  });

  test('ends with the signal’s reason in the middle of a reply, without affecting the next call', async () => {
    const expected = await answer({});
    const reason = new Error('enough');
    const controller = new AbortController();
    const long = model.generate(
      { ...REQUEST, maxOutputTokens: 400, temperature: 1.5 },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(reason), 100);
    await expect(long).rejects.toBe(reason);
    expect(await answer({})).toBe(expected);
  });

  test('ends while it waits for another, without affecting the other', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const other = answer({});
    const waiting = model.generate(REQUEST, { signal: controller.signal });
    waiting.catch(() => {});
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(await other).not.toBe('');
  });
});

describe('the id', () => {
  test('contains a hash of the file and of the sampling', async () => {
    const twin = join(folder, 'twin', 'SmolLM2-135M-Instruct.Q4_1.gguf');
    await mkdir(join(folder, 'twin'));
    await copyFile(modelPath, twin);
    expect(load({ modelPath: twin }).id).toBe(model.id);
    const file = await open(twin, 'r+');
    await file.write(Buffer.from([0x5a]), 0, 1, (await file.stat()).size - 1);
    await file.close();
    const ids = [
      model.id,
      load({ modelPath: twin }).id,
      load({ sampling: { topK: 10 } }).id,
      load({ sampling: { repeatPenalty: 1.3 } }).id,
    ];
    expect(new Set(ids).size).toBe(4);
    expect(load({ sampling: { topK: 40 }, contextSize: 1_024 }).id).toBe(model.id);
    expect(model.id).toMatch(/^llama-cpp:SmolLM2-135M-Instruct\.Q4_1\.gguf:[0-9a-f]{12}$/);
    expect(model.id).not.toContain(folder);
  });
});

describe('an adapter', () => {
  test('changes replies and id', async () => {
    const weak = join(folder, 'weak.gguf');
    const strong = join(folder, 'strong.gguf');
    await writeRandomLora(weak, 0);
    await writeRandomLora(strong, 4);
    const plain = await answer({ temperature: 0 });
    for (const [loraPath, isChanged] of [
      [weak, false],
      [strong, true],
    ] as const) {
      const adapted = load({ loraPath });
      expect((await answer({ temperature: 0 }, adapted)) !== plain, loraPath).toBe(isChanged);
      expect(adapted.id).toMatch(/^llama-cpp:SmolLM2\S+:[0-9a-f]{12}\+(weak|strong)\.gguf:[0-9a-f]{12}$/);
      await adapted.dispose();
    }
  });

  test('that does not exist fails when the model is created', () => {
    expect(() => load({ loraPath: join(folder, 'absent.gguf') })).toThrow(MissingWeightsError);
  });
});

describe('an unusable file', () => {
  test('that does not exist fails when the model is created', () => {
    expect(() => llamaCpp({ modelPath: join(folder, 'absent.gguf') })).toThrow(MissingWeightsError);
    expect(() => llamaCpp({ modelPath: join(folder, 'absent.gguf') })).toThrow(/absent\.gguf.*models pull/);
  });

  test('that is not GGUF fails when the model is created', async () => {
    await writeFile(join(folder, 'page.gguf'), '<html>Not found</html>');
    await writeFile(join(folder, 'empty.gguf'), '');
    for (const path of [join(folder, 'page.gguf'), join(folder, 'empty.gguf'), folder]) {
      expect(() => llamaCpp({ modelPath: path })).toThrow(InvalidFileError);
      expect(() => llamaCpp({ modelPath: path })).toThrow(/is not a GGUF file/);
    }
  });

  test('that is truncated fails at the first call', async () => {
    const path = join(folder, 'part.gguf');
    await copyFile(modelPath, path);
    await truncate(path, 5_000_000);
    const broken = load({ modelPath: path });
    await expect(answer({}, broken)).rejects.toThrow(InvalidFileError);
    await expect(answer({}, broken)).rejects.toThrow(/part\.gguf: the model could not be loaded/);
    await broken.dispose();
  });
});

test.each([
  ['contextSize', { contextSize: 10 }],
  ['cachedPrompts', { cachedPrompts: -1 }],
  ['concurrency', { concurrency: 0 }],
  ['threads', { threads: 0 }],
  ['sampling.topK', { sampling: { topK: Number.NaN } }],
])('a bad %s is refused at once', (option, options) => {
  expect(() => load(options)).toThrow(InvalidOptionError);
  expect(() => load(options)).toThrow(`Option "${option}"`);
});

test('a model can be disposed of twice and before its first call, and loads again on the next call', async () => {
  await load().dispose();
  const own = load();
  const first = await answer({}, own);
  await own.dispose();
  await own.dispose();
  expect(await answer({}, own)).toBe(first);
  await own.dispose();
});
