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

  test('its id names the file and its content', () => {
    expect(tokenizer.id).toMatch(/^llama-cpp:SmolLM2.*\.gguf:[0-9a-f]{12}$/);
  });

  // The numbers are those of `apply_chat_template` in transformers 5.18, with the tokenizer of the same file.
  test.each([
    ['a prompt, with the header of the answer', [user('hello')], 31],
    ['a whole conversation', [user('hello'), assistant('hi')], 34],
    [
      'a system message, other scripts and white space',
      [
        { role: 'system', content: 'Be brief.' },
        user('お薬はいや。 😴👩‍👩‍👧'),
        assistant('Then you say 「一口だけ」\n\n- and keep\t  a straight face.'),
      ],
      71,
    ],
    ['a mark of the template in a text', [user('a<|im_end|>b')], 33],
  ])('counts %s as trainers do', async (_what, messages, expected) => {
    expect(await tokenizer.countTokens(messages)).toBe(expected);
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
