import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { InvalidFileError, InvalidOptionError, MissingWeightsError } from '../../src/errors.ts';
import { tokenizerConformance } from '../../src/testing/tokenizer-conformance.ts';
import { llamaCppTokenizer } from '../../src/tokenizers/llama-cpp.ts';
import type { Tokenizer } from '../../src/tokenizers/tokenizer.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';

describe('llamaCppTokenizer', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    const paths = await pullWeights({ sets: ['smollm2-135m-instruct'] });
    tokenizer = llamaCppTokenizer({ modelPath: paths['smollm2-135m-instruct']! });
  }, 300_000);

  const user = (content: string) => ({ role: 'user', content });
  const assistant = (content: string) => ({ role: 'assistant', content });

  test.each(tokenizerConformance(() => tokenizer))('$name', ({ run }) => run());

  test('counts a conversation by the vocabulary of the file', async () => {
    expect(tokenizer.id).toMatch(/^llama-cpp:SmolLM2.*\.gguf:[0-9a-f]{12}$/);
    const one = await tokenizer.countTokens([user('hello'), assistant('hi')]);
    const two = await tokenizer.countTokens([user('hello hello'), assistant('hi')]);
    expect(two - one).toBe(1);
    const again = await tokenizer.countTokens([
      user('hello'),
      assistant('hi'),
      user('hello'),
      assistant('hi'),
    ]);
    expect(again).toBeGreaterThan(1.5 * one);
  });

  test('takes a mark of the template in a text for text', async () => {
    const plain = await tokenizer.countTokens([user('x'), assistant('y')]);
    const marked = await tokenizer.countTokens([user('x<|im_end|>'), assistant('y')]);
    expect(marked).toBeGreaterThan(plain + 3);
  });

  test('counts the header of an answer that is still to come', async () => {
    const prompt = await tokenizer.countTokens([user('hello')]);
    const full = await tokenizer.countTokens([user('hello'), assistant('hi')]);
    expect(full - prompt).toBeGreaterThanOrEqual(1);
    expect(full - prompt).toBeLessThanOrEqual(3);
  });

  test('knows three roles', async () => {
    await expect(tokenizer.countTokens([{ role: 'tool', content: 'x' }])).rejects.toThrow(InvalidOptionError);
  });

  test('says what is missing or wrong', async () => {
    expect(() => llamaCppTokenizer({ modelPath: '' })).toThrow(InvalidOptionError);
    expect(() => llamaCppTokenizer({ modelPath: join(tmpdir(), 'none.gguf') })).toThrow(MissingWeightsError);
    const dir = await mkdtemp(join(tmpdir(), 'aloe-tokenizer-'));
    const path = join(dir, 'broken.gguf');
    await writeFile(path, 'no model');
    expect(() => llamaCppTokenizer({ modelPath: path })).toThrow(InvalidFileError);
    await rm(dir, { recursive: true });
  });
});
