import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { InvalidOptionError } from '../../src/errors.ts';
import { axolotl } from '../../src/preferences/formats/axolotl.ts';
import { llamaFactory } from '../../src/preferences/formats/llama-factory.ts';
import { parquet } from '../../src/preferences/formats/parquet.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import type { PreferenceFormat } from '../../src/preferences/preference-format.ts';
import { useExportFolder } from './export-files.ts';
import { fixtureTrees } from './trees.ts';

const base = 'Qwen/Qwen2.5-0.5B-Instruct';
const folder = useExportFolder();

const write = (formats: PreferenceFormat[], validation = 0.3) =>
  new PreferenceExporter({ formats, validationShare: validation, seed: 2 }).write(fixtureTrees(), folder.dir);

describe('Axolotl', () => {
  test('has a configuration that names the files, their fields and the method', async () => {
    const manifest = await write([
      axolotl({ method: 'sft', base }),
      axolotl({ method: 'dpo', base, maxLength: 4096, settings: { rl_beta: 0.9, load_in_4bit: true } }),
    ]);
    expect(manifest.companions.map(({ name }) => name)).toEqual([
      'axolotl-sft.yaml',
      'axolotl-dpo.yaml',
      'README.md',
    ]);
    const sft = parse(await folder.text('axolotl-sft.yaml'));
    expect(sft).toMatchObject({
      base_model: base,
      sequence_len: 8192,
      datasets: [
        {
          path: 'axolotl-sft.train.jsonl',
          ds_type: 'json',
          type: 'chat_template',
          message_field_training: 'train',
        },
      ],
      test_datasets: [{ path: 'axolotl-sft.validation.jsonl' }],
    });
    expect(sft.rl).toBeUndefined();
    expect(parse(await folder.text('axolotl-dpo.yaml'))).toMatchObject({
      rl: 'dpo',
      rl_beta: 0.9,
      load_in_4bit: true,
      sequence_len: 4096,
      datasets: [{ type: 'chat_template.default', field_chosen: 'chosen', field_rejected: 'rejected' }],
    });
  });

  test('trains the last message alone', async () => {
    await write([axolotl({ method: 'sft', base })], 0);
    for (const { messages } of await folder.rows('axolotl-sft.train.jsonl')) {
      const flags = (messages as { role: string; train: boolean }[]).map(({ train }) => train);
      expect(flags).toEqual([...flags.slice(1).map(() => false), true]);
    }
  });

  test('finds each response whole where its reader looks for it in a rendered template', async () => {
    await write([axolotl({ method: 'dpo', base })], 0);
    for (const row of await folder.rows('axolotl-dpo.train.jsonl')) {
      for (const side of ['chosen', 'rejected']) {
        const { content } = row[side] as { content: string };
        const before = '<|im_start|>user\n[[dummy_message]]<|im_end|>\n<|im_start|>assistant\n';
        const rendered = `${before}${content}<|im_end|>\n`;
        expect(rendered.slice(rendered.indexOf(content)).trimEnd()).toBe(`${content}<|im_end|>`);
      }
    }
  });
});

describe('LLaMA-Factory', () => {
  const formats = () => [
    llamaFactory({ method: 'sft', base, template: 'qwen' }),
    llamaFactory({ method: 'dpo', base }),
  ];

  test('has one dataset_info.json for all its sets, and a configuration for each method', async () => {
    await write(formats());
    const info = JSON.parse(await folder.text('dataset_info.json'));
    expect(Object.keys(info)).toEqual([
      'llama-factory-sft',
      'llama-factory-sft-validation',
      'llama-factory-dpo',
      'llama-factory-dpo-validation',
    ]);
    expect(info['llama-factory-dpo']).toEqual({
      file_name: 'llama-factory-dpo.train.jsonl',
      formatting: 'sharegpt',
      tags: {
        role_tag: 'role',
        content_tag: 'content',
        user_tag: 'user',
        assistant_tag: 'assistant',
        system_tag: 'system',
      },
      ranking: true,
      columns: { messages: 'messages', chosen: 'chosen', rejected: 'rejected' },
    });
    const sft = parse(await folder.text('llama-factory-sft.yaml'));
    expect(sft).toMatchObject({ stage: 'sft', template: 'qwen', mask_history: true, cutoff_len: 8192 });
    const dpo = parse(await folder.text('llama-factory-dpo.yaml'));
    expect(dpo).toMatchObject({ stage: 'dpo', dataset: 'llama-factory-dpo', pref_beta: 0.1 });
    expect(dpo.template).toBeUndefined();
    for (const config of [sft, dpo]) expect(info[config.dataset]).toBeDefined();
    for (const config of [sft, dpo]) expect(info[config.eval_dataset]).toBeDefined();
  });

  // Its converter skips, with no more than a log line, what breaks these rules.
  test('has rows that its converter takes: strict turns, an even number for SFT, an odd one for DPO', async () => {
    const system = 'Be brief.';
    await write([
      llamaFactory({ method: 'sft', base, system }),
      llamaFactory({ method: 'dpo', base, system }),
    ]);
    for (const [name, remainder] of [
      ['sft', 0],
      ['dpo', 1],
    ] as const) {
      for (const row of await folder.rows(`llama-factory-${name}.train.jsonl`)) {
        const [first, ...turns] = row.messages as { role: string }[];
        expect(first?.role).toBe('system');
        expect(turns.length % 2).toBe(remainder);
        expect(turns.map(({ role }) => role)).toEqual(
          turns.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')),
        );
        if (name === 'dpo') {
          expect([row.chosen, row.rejected]).toMatchObject([{ role: 'assistant' }, { role: 'assistant' }]);
        }
      }
    }
  });
});

describe('configuration files', () => {
  test('follow the files that are there: Parquet by its type, no validation without its rows', async () => {
    await write([parquet(axolotl({ method: 'dpo', base }))], 0);
    const config = parse(await folder.text('axolotl-dpo-parquet.yaml'));
    expect(config.datasets).toMatchObject([
      { path: 'axolotl-dpo-parquet.train.parquet', ds_type: 'parquet' },
    ]);
    expect(config.test_datasets).toBeUndefined();
  });

  test('are not written where there is nothing to train on', async () => {
    const manifest = await new PreferenceExporter({ formats: [axolotl({ method: 'dpo', base })] }).write(
      [],
      folder.dir,
    );
    expect(manifest.companions.map(({ name }) => name)).toEqual(['README.md']);
  });

  test('cannot leave the folder or be of a kind nobody can write', async () => {
    for (const name of ['../evil.yaml', 'train.toml']) {
      const format: PreferenceFormat = { ...trlDpo(), config: () => ({ [name]: {} }) };
      await expect(write([format])).rejects.toThrow(InvalidOptionError);
    }
  });

  test.each([
    ['base', { method: 'dpo', base: ' ' }],
    ['method', { method: 'ppo' as 'dpo', base }],
    ['maxLength', { method: 'sft', base, maxLength: 0 }],
  ] as const)('a wrong %s is named', (option, wrong) => {
    expect(() => axolotl(wrong)).toThrow(`Option "${option}"`);
    expect(() => llamaFactory(wrong)).toThrow(`Option "${option}"`);
  });
});
