import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { modelCard, pushToHub, writeModelCards } from '../../src/hub/index.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { fetchArtifacts } from '../../src/training/fetch-artifacts.ts';
import { listFolderArtifacts } from '../../src/training/folder/folder-artifacts.ts';
import { interactToAlign } from '../../src/training/job/interact-to-align.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { fixtureTrees } from '../preferences/trees.ts';
import { type FakeHub, startFakeHub } from './fake-hub.ts';

let folder: string;
let hub: FakeHub;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-results-'));
  hub = await startFakeHub();
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const config = (base: string) => JSON.stringify({ peft_type: 'LORA', base_model_name_or_path: base });

/** A job's directory after SFT and DPO with adapters, as the trainers leave it. */
async function jobFolder(keepsCheckpoints = false): Promise<string> {
  const dir = join(folder, 'job');
  const files: Record<string, string> = {
    'manifest.json': JSON.stringify({
      schema: 'aloe-job-folder/1',
      stages: ['sft', 'dpo'].map((name) => ({
        name,
        training: `${name}/adapter`,
        ...(keepsCheckpoints && { checkpoints: true }),
      })),
      outputs: ['sft/adapter', 'sft/model', 'dpo/adapter', 'dpo/model'],
    }),
    'sft/adapter/adapter_config.json': config('some/model'),
    'sft/model/config.json': '{}',
    'dpo/adapter/adapter_config.json': config('./sft/model'),
    'dpo/adapter/README.md': '# a fine-tuned version of [None](None)',
    'dpo/adapter/checkpoint-5/adapter_config.json': config('./sft/model'),
    'dpo/adapter/checkpoint-5/adapter_model.safetensors': 'half',
    'dpo/adapter/checkpoint-5/trainer_state.json': '{}',
    'dpo/adapter/checkpoint-5/optimizer.pt': 'state',
    'dpo/adapter/checkpoint-5/rng_state.pth': 'state',
    'dpo/adapter/checkpoint-5/training_args.bin': 'pickle',
    'dpo/model/config.json': '{}',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

async function fetched(keepsCheckpoints = false): Promise<string> {
  const out = join(folder, 'tuned');
  const artifacts = await listFolderArtifacts(await jobFolder(keepsCheckpoints), undefined);
  await fetchArtifacts(artifacts, out);
  return out;
}

const baseOf = async (dir: string) =>
  JSON.parse(await readFile(join(dir, 'adapter_config.json'), 'utf8')).base_model_name_or_path;

describe('fetched results', () => {
  test('an adapter on the SFT model names its copy, one on a model of the hub stays as it is', async () => {
    const out = await fetched();
    expect(await baseOf(join(out, 'dpo/adapter'))).toBe(join(out, 'sft/model'));
    expect(await baseOf(join(out, 'sft/adapter'))).toBe('some/model');
  });

  test('checkpoints are part of them if the job keeps them, without what only a resumed training needs', async () => {
    const dir = await jobFolder();
    const paths = async () => (await listFolderArtifacts(dir, undefined)).map(({ path }) => path);
    expect((await paths()).filter((path) => path.includes('checkpoint'))).toEqual([]);
    await jobFolder(true);
    expect((await paths()).filter((path) => path.includes('checkpoint'))).toEqual([
      'dpo/adapter/checkpoint-5/adapter_config.json',
      'dpo/adapter/checkpoint-5/adapter_model.safetensors',
      'dpo/adapter/checkpoint-5/trainer_state.json',
    ]);
    expect(await baseOf(join(await fetched(true), 'dpo/adapter/checkpoint-5'))).toBe(
      join(folder, 'tuned/sft/model'),
    );
  });

  test('each adapter and model gets a card with its stages, the data and the change of alignment', async () => {
    const data = join(folder, 'data');
    const manifest = await new PreferenceExporter({ formats: [trlSft(), trlDpo()] }).write(
      fixtureTrees(),
      data,
    );
    const base = join(folder, 'base');
    await mkdir(base);
    await writeFile(join(base, 'config.json'), '{}');
    await writeFile(join(base, 'README.md'), '---\nlicense: "apache-2.0"\n---\n# Base');
    const job = await interactToAlign({
      base,
      sft: join(data, 'trl-sft.train.jsonl'),
      dpo: join(data, 'trl-dpo.train.jsonl'),
    });
    const out = await fetched();
    const scores = (level: number) => Array.from({ length: 8 }, () => [level, level]);
    const results = [evaluationOf(scores(2), { name: 'before' }), evaluationOf(scores(3), { name: 'after' })];
    const written = await writeModelCards(out, job, { results });
    expect(written.map((path) => path.slice(out.length + 1))).toEqual(
      ['sft/adapter', 'sft/model', 'dpo/adapter', 'dpo/model'].map((of) => join(of, 'README.md')),
    );
    const card = await readFile(join(out, 'dpo/adapter/README.md'), 'utf8');
    expect(parse(card.split('---')[1]!)).toMatchObject({ license: 'apache-2.0', library_name: 'peft' });
    expect(card).toContain(`${manifest.source.conversations} simulated conversations`);
    expect(card).toContain(`Training: ${manifest.splits.train.personas} people`);
    expect(card).toContain(Object.values(manifest.source.prompts)[0]![0]!);
    expect(card).toMatch(/- after against before: 1\.00 \[1\.00, 1\.00\]/);
    expect(card).not.toContain('[None]');
    expect(card).not.toContain(folder);
    expect(await readFile(join(out, 'sft/model/README.md'), 'utf8')).not.toContain('after against before');

    await writeFile(join(data, 'trl-dpo.train.jsonl'), '{}\n');
    const changed = await modelCard(job, {});
    expect(changed).not.toContain('simulated conversations with');
  });
});

describe('an adapter on the hub', () => {
  const push = (dir: string, base?: string) =>
    pushToHub(dir, {
      type: 'model',
      repo: 'me/bees-lora',
      base,
      token: 'hf_token_of_a_test',
      hubUrl: hub.url,
    });

  test('that names a directory of this machine is not pushed without its base', async () => {
    const dir = join(await fetched(), 'dpo/adapter');
    await expect(push(dir)).rejects.toThrow('Push that model first');
    expect(hub.seen).toEqual([]);
    await expect(push(dir, './sft')).rejects.toThrow('me/bees-sft');
    await expect(push(join(folder, 'tuned/dpo/model'), 'me/bees-sft')).rejects.toThrow('no base');
  });

  test('names its base there, in config and card, and stays as it is here', async () => {
    const dir = join(await fetched(), 'dpo/adapter');
    await writeFile(
      join(dir, 'README.md'),
      '---\nlicense: mit\nbase_model: /home/someone/model\n---\n\n# Bees\n',
    );
    const before = createHash('sha256')
      .update(await readFile(join(dir, 'adapter_config.json')))
      .digest('hex');
    await push(dir, 'me/bees-sft');
    expect(JSON.parse(String(hub.files.get('adapter_config.json')))).toEqual({
      peft_type: 'LORA',
      base_model_name_or_path: 'me/bees-sft',
    });
    expect(String(hub.files.get('README.md'))).toBe(
      '---\nbase_model: me/bees-sft\nlicense: mit\n---\n\n# Bees\n',
    );
    expect(
      createHash('sha256')
        .update(await readFile(join(dir, 'adapter_config.json')))
        .digest('hex'),
    ).toBe(before);
  });
});
