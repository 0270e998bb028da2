import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { env } from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidFileError, InvalidOptionError, MissingWeightsError } from '../../src/errors.ts';
import { tokenizerConformance } from '../../src/testing/tokenizer-conformance.ts';
import { transformersTokenizer } from '../../src/tokenizers/transformers.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';

const CHATML =
  "{% for message in messages %}{% if message.role == 'system' %}{{ raise_exception('No system role.') }}{% endif %}" +
  "{{ '[CLS]' + message.role + ' ' + message.content + '[SEP]' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '[CLS]assistant' }}{% endif %}";

describe('transformersTokenizer', () => {
  let miniLm: string;
  let withTemplate: string;
  beforeAll(async () => {
    miniLm = (await pullWeights({ sets: ['all-minilm-l6-v2'] }))['all-minilm-l6-v2']!;
    withTemplate = await mkdtemp(join(tmpdir(), 'aloe-tokenizer-'));
    await copyFile(join(miniLm, 'tokenizer.json'), join(withTemplate, 'tokenizer.json'));
    const config = JSON.parse(await readFile(join(miniLm, 'tokenizer_config.json'), 'utf8'));
    await writeFile(
      join(withTemplate, 'tokenizer_config.json'),
      JSON.stringify({ ...config, chat_template: CHATML }),
    );
  }, 300_000);
  afterAll(() => rm(withTemplate, { recursive: true, force: true }));

  test.each(tokenizerConformance(() => transformersTokenizer({ modelPath: withTemplate })))(
    '$name',
    ({ run }) => run(),
  );

  test('counts only the texts if a model has no chat template', async () => {
    const tokenizer = transformersTokenizer({ modelPath: miniLm });
    expect(tokenizer.id).toBe(`transformers:${basename(miniLm)}`);
    // [CLS] hello world [SEP]
    expect(await tokenizer.countTokens([{ role: 'user', content: 'hello world' }])).toBe(4);
    expect(
      await tokenizer.countTokens([
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: 'world' },
      ]),
    ).toBe(4);
  });

  test('counts the chat template, and the header of the next assistant message', async () => {
    const tokenizer = transformersTokenizer({ modelPath: withTemplate });
    const prompt = [{ role: 'user', content: 'hello world' }];
    // [CLS] user hello world [SEP] [CLS] assistant
    expect(await tokenizer.countTokens(prompt)).toBe(7);
    // [CLS] user hello world [SEP] [CLS] assistant yes [SEP]
    expect(await tokenizer.countTokens([...prompt, { role: 'assistant', content: 'yes' }])).toBe(9);
  });

  test('finds a template in a separate file, in a directory and on a hub', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aloe-tokenizer-'));
    for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
      await copyFile(join(miniLm, file), join(folder, file));
    }
    await writeFile(join(folder, 'chat_template.jinja'), CHATML);
    const prompt = [{ role: 'user', content: 'hello world' }];
    expect(await transformersTokenizer({ modelPath: folder }).countTokens(prompt)).toBe(7);

    const hub = createServer((request, response) => {
      const path = join(folder, request.url!.replace('/some/model/resolve/main/', ''));
      readFile(path).then(
        (content) => response.end(content),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    const settings = { remoteHost: env.remoteHost, useFSCache: env.useFSCache };
    try {
      const { port } = hub.address() as AddressInfo;
      Object.assign(env, { remoteHost: `http://127.0.0.1:${port}/`, useFSCache: false });
      expect(await transformersTokenizer({ model: 'some/model' }).countTokens(prompt)).toBe(7);
      await expect(transformersTokenizer({ model: 'no/model' }).countTokens(prompt)).rejects.toThrow(
        MissingWeightsError,
      );
      await rm(join(folder, 'chat_template.jinja'));
      expect(await transformersTokenizer({ model: 'some/model' }).countTokens(prompt)).toBe(4);
    } finally {
      Object.assign(env, settings);
      hub.close();
      await rm(folder, { recursive: true });
    }
  });

  test('throws the error of the template', async () => {
    const tokenizer = transformersTokenizer({ modelPath: withTemplate });
    await expect(tokenizer.countTokens([{ role: 'system', content: 'x' }])).rejects.toThrow(
      'No system role.',
    );
  });

  test('says what is missing or wrong', async () => {
    expect(() => transformersTokenizer({})).toThrow(InvalidOptionError);
    expect(() => transformersTokenizer({ model: 'a/b', modelPath: miniLm })).toThrow(InvalidOptionError);
    expect(() => transformersTokenizer({ modelPath: tmpdir() })).toThrow(MissingWeightsError);
    const broken = await mkdtemp(join(tmpdir(), 'aloe-tokenizer-'));
    await writeFile(join(broken, 'tokenizer.json'), 'no json');
    await writeFile(join(broken, 'tokenizer_config.json'), '{}');
    const tokenizer = transformersTokenizer({ modelPath: broken });
    await expect(tokenizer.countTokens([])).rejects.toThrow(InvalidFileError);
    await rm(broken, { recursive: true });
  });
});
