import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factsFrom, type ModelConfig, readModelFacts } from '../../../src/training/plan/model-facts.ts';
import { GPT_OSS, MIXTRAL, QWEN, QWEN1_5_MOE, QWEN3_30B, QWEN3_235B } from './configs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-facts-'));
});
afterAll(() => rm(folder, { recursive: true }));

function safetensors(shapes: Readonly<Record<string, readonly number[]>>): Buffer {
  const tensors = Object.entries(shapes).map(([name, shape]) => [
    name,
    { dtype: 'BF16', shape, data_offsets: [0, 0] },
  ]);
  const header = Buffer.from(
    JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(tensors) }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header]);
}

describe('facts of a model', () => {
  test('follow from its config: Qwen2.5-7B has 7.6 billion weights', () => {
    const facts = factsFrom(QWEN, null);
    // 7,615,616,512 with its biases.
    expect(facts.parameters / 7_615_616_512).toBeCloseTo(1, 3);
    expect(facts).toMatchObject({
      headSize: 128,
      keyValueHeads: 4,
      vocabulary: 152_064,
      contextLength: 32_768,
    });
    expect(facts.activeParameters).toBe(facts.parameters);
  });

  test('of tied embeddings count one matrix', () => {
    const tied = factsFrom({ ...QWEN, tie_word_embeddings: true }, null);
    expect(factsFrom(QWEN, null).parameters - tied.parameters).toBe(152_064 * 3_584);
  });

  test('of a model that reads images are those of its language model', () => {
    const facts = factsFrom({ text_config: QWEN, tie_word_embeddings: true }, 8e9);
    expect(facts).toMatchObject({ parameters: 8e9, hidden: 3_584, tiedEmbeddings: true });
  });

  test('of a mixture of experts tell what one token passes through', () => {
    const mixture = { ...QWEN, num_experts: 64, num_experts_per_tok: 8, moe_intermediate_size: 1_024 };
    const { parameters, activeParameters, intermediate } = factsFrom(mixture, null);
    expect(parameters - activeParameters).toBe(28 * 56 * 3 * 3_584 * 1_024);
    expect(intermediate).toBe(8 * 1_024);
  });

  // Weights as their cards and papers have them, in billions: all of them, and those of one token.
  test.each<[string, object, number, number | null]>([
    ['Qwen3-30B-A3B', QWEN3_30B, 30.5, 3.3],
    ['Qwen3-235B-A22B', QWEN3_235B, 235, 22],
    ['Mixtral-8x7B', MIXTRAL, 46.7, 12.9],
    ['Qwen1.5-MoE-A2.7B', QWEN1_5_MOE, 14.3, 2.7],
    // Its 3.6 billion leave out the input embeddings.
    ['gpt-oss-20b', GPT_OSS, 20.9, null],
  ])('of %s are as published', (_name, config, all, active) => {
    const facts = factsFrom(config as ModelConfig, null);
    expect(Math.abs(facts.parameters / 1e9 - all)).toBeLessThan(all < 100 ? 0.06 : 0.5);
    if (active !== null)
      expect(Math.abs(facts.activeParameters / 1e9 - active)).toBeLessThan(all < 100 ? 0.06 : 0.5);
  });

  test('of Mixtral-8x7B are exact', () => {
    expect(factsFrom(MIXTRAL, null).parameters).toBe(46_702_792_704);
  });

  test('of a model with experts in some layers only count the others as Llama has them', () => {
    const every = factsFrom(QWEN3_30B, null);
    const some = factsFrom({ ...QWEN3_30B, decoder_sparse_step: 2, mlp_only_layers: [0, 1] }, null);
    // 23 of 48 layers have experts. The others have 6,144 instead of 128 x 768 and a router.
    const change = 25 * 2_048 * (3 * (128 * 768 - 6_144) + 128);
    expect(every.parameters - some.parameters).toBe(change);
    expect(some.parameters - some.activeParameters).toBe(23 * 120 * 3 * 2_048 * 768);
  });

  test('of a directory count the weights in its files', async () => {
    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({ ...QWEN, architectures: ['Qwen2ForCausalLM'] }),
    );
    await writeFile(join(folder, 'a.safetensors'), safetensors({ x: [10, 20], y: [] }));
    await writeFile(join(folder, 'b.safetensors'), safetensors({ z: [3, 5, 7] }));
    expect((await readModelFacts(folder)).parameters).toBe(200 + 1 + 105);
  });

  test('cannot be read from a damaged file, or a config of another kind', async () => {
    await writeFile(join(folder, 'b.safetensors'), '<!doctype html>');
    await expect(readModelFacts(folder)).rejects.toThrow('b.safetensors: is not a safetensors file');
    await writeFile(join(folder, 'config.json'), '{"n_layer": 2}');
    await expect(readModelFacts(folder)).rejects.toThrow('is not the config of a language model');
  });
});
