import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { HubError } from '../../src/errors.ts';
import { modelCard, type PushToHubOptions, pushToHub } from '../../src/hub/index.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { useExportFolder } from '../preferences/export-files.ts';
import { fixtureTrees } from '../preferences/trees.ts';
import { makeSmallJob } from '../training/small-job.ts';
import { type FakeHub, startFakeHub } from './fake-hub.ts';

const TOKEN = 'hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ12345678';
const folder = useExportFolder();
let hub: FakeHub;
beforeEach(async () => {
  hub = await startFakeHub();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
});

const dataset = (more: Partial<PushToHubOptions> = {}) =>
  pushToHub(folder.dir, {
    type: 'dataset',
    repo: 'me/bees',
    token: TOKEN,
    hubUrl: hub.url,
    ...more,
  });
const exported = () =>
  new PreferenceExporter({ formats: [trlSft(), trlDpo()] }).write(fixtureTrees(), folder.dir);

describe('a dataset', () => {
  test('is pushed as its manifest says, with its card, in one commit to a private repository', async () => {
    const { files: written, companions } = await exported();
    await writeFile(join(folder.dir, 'notes.txt'), 'not for others');
    const { url, commit, files } = await dataset({ title: 'First bees' });
    expect(url).toBe(`${hub.url}/datasets/me/bees`);
    expect(commit).toBe('abc123');
    const names = [...written, ...companions].map(({ name }) => name);
    expect(files.map(({ path }) => path)).toEqual([...names, 'manifest.json']);
    expect([...hub.files.keys()].sort()).toEqual([...names, 'manifest.json'].sort());
    expect(names).toContain('README.md');
    expect(names).toContain('preferences.jsonl');
    for (const [path, content] of hub.files) {
      expect(content.toString()).toBe(await readFile(join(folder.dir, path), 'utf8'));
    }
    expect(hub.created).toMatchObject({
      name: 'bees',
      organization: 'me',
      type: 'dataset',
      visibility: 'private',
    });
    expect(hub.commits).toEqual(['First bees']);
    expect([...hub.tokens]).toEqual([`Bearer ${TOKEN}`]);
  });

  test('is only listed in a dry run, without a token', async () => {
    await exported();
    vi.stubEnv('HF_TOKEN', '');
    const { commit, files } = await dataset({ dryRun: true, token: undefined });
    expect(commit).toBeNull();
    expect(files.map(({ path }) => path)).toContain('trl-dpo.train.jsonl');
    expect(files.every(({ bytes }) => bytes > 0)).toBe(true);
    expect(hub.seen).toEqual([]);
  });

  test('is pushed again to the repository that is there, with the token of the environment', async () => {
    await exported();
    vi.stubEnv('HF_TOKEN', TOKEN);
    await dataset({ token: undefined, private: false });
    expect(hub.created).toMatchObject({ visibility: 'public' });
    await dataset({ token: undefined, branch: 'next' });
    expect(hub.seen.filter((request) => request.includes('/repos/create'))).toHaveLength(1);
    expect(hub.seen.at(-1)).toBe('POST /api/datasets/me/bees/commit/next');
    expect(hub.commits).toEqual(['Upload with aloe-align', 'Upload with aloe-align']);
  });

  test('whose rows have changed since the export is refused, one whose card was improved is not', async () => {
    await exported();
    await appendFile(join(folder.dir, 'README.md'), '\nMade by the sea.\n');
    await dataset();
    expect(hub.files.get('README.md')!.toString()).toContain('Made by the sea.');
    await appendFile(join(folder.dir, 'trl-dpo.train.jsonl'), '{}\n');
    await expect(dataset()).rejects.toThrow(
      'trl-dpo.train.jsonl: is missing or has changed since the export.',
    );
    await rm(join(folder.dir, 'manifest.json'));
    await expect(dataset()).rejects.toThrow('Pass a directory that PreferenceExporter has written.');
    expect(hub.commits).toHaveLength(1);
  });
});

describe('a secret', () => {
  test.each([
    ['a key of a known shape', () => 'sk-proj-abcdefghij1234567890'],
    ['a private key in its file', () => '-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC'],
    ['a private key', () => '-----BEGIN PRIVATE KEY-----MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'],
    ['a key of the environment', () => 'Zq8mPv2Lx9Wc4Rt7Yb1N'],
  ])('%s in a file stops the push before the hub is asked', async (_name, secret) => {
    vi.stubEnv('OWN_SERVICE_API_KEY', 'Zq8mPv2Lx9Wc4Rt7Yb1N');
    await exported();
    await appendFile(join(folder.dir, 'README.md'), `\nKey: ${secret()}\n`);
    const error = await dataset().catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: 'invalid-option' });
    expect((error as Error).message).toMatch(
      /^Nothing was pushed: line \d+ of README\.md holds what looks like/,
    );
    expect((error as Error).message).not.toContain(secret());
    expect(hub.seen).toEqual([]);
    expect(await dataset({ allowSecrets: true })).toMatchObject({ commit: 'abc123' });
  });

  test('in the card that is passed stops it too', async () => {
    await exported();
    await expect(dataset({ card: `# Bees\n${TOKEN}` })).rejects.toThrow('the card holds what looks like');
  });
});

describe('a model', () => {
  const model = (more: Partial<PushToHubOptions> = {}) =>
    dataset({ type: 'model', repo: 'me/bees-7b', ...more });
  async function writeModel() {
    const weights = Buffer.from('weights');
    const contents: Readonly<Record<string, string | Buffer>> = {
      'config.json': '{"pad_token": "<|reserved_special_token_8|>"}',
      'model.safetensors': weights,
      'tokenizer.json': '{"vocab": {"accessToken": 104729}}',
      'training_args.bin': 'pickle',
      'checkpoint-10/model.safetensors': weights,
      '.cache/state': 'x',
      'sub/extra.json': '{}',
    };
    for (const [path, content] of Object.entries(contents)) {
      await mkdir(join(folder.dir, path, '..'), { recursive: true });
      await writeFile(join(folder.dir, path), content);
    }
    await symlink('/etc/hostname', join(folder.dir, 'host.txt'));
    const elsewhere = join(folder.dir, '.elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'diary.txt'), 'not for others');
    await symlink(elsewhere, join(folder.dir, 'linked'));
  }

  test('goes with its card, without checkpoints, hidden files, links and pickled settings', async () => {
    await writeModel();
    const card = await modelCard(await makeSmallJob(join(folder.dir, '.data')), { license: 'apache-2.0' });
    const { url } = await model({ card });
    expect(url).toBe(`${hub.url}/me/bees-7b`);
    expect([...hub.files.keys()].sort()).toEqual([
      'README.md',
      'config.json',
      'model.safetensors',
      'sub/extra.json',
      'tokenizer.json',
    ]);
    expect(hub.files.get('model.safetensors')!.toString()).toBe('weights');
    expect(hub.files.get('README.md')!.toString()).toBe(card);
  });

  test('without a card, or a directory without a model, is refused', async () => {
    await writeModel();
    await expect(model()).rejects.toThrow('modelCard() writes one');
    await rm(join(folder.dir, 'config.json'));
    await expect(model({ card: '# Bees' })).rejects.toThrow('a directory with a model (config.json)');
  });
});

describe('the card of a model', () => {
  test('names base, data, stages and results', async () => {
    const job = await makeSmallJob(folder.dir, { base: 'Qwen/Qwen3-0.6B' });
    const card = await modelCard(job, {
      title: 'Bees | 7B',
      license: 'apache-2.0',
      datasets: ['me/bees'],
      results: [evaluationOf([[3, 4]], { name: 'tuned' })],
    });
    const [, header = '', body = ''] = /^---\n([\s\S]*?)---\n([\s\S]*)$/.exec(card)!;
    expect(parse(header)).toMatchObject({
      license: 'apache-2.0',
      base_model: 'Qwen/Qwen3-0.6B',
      datasets: ['me/bees'],
      tags: expect.arrayContaining(['sft', 'dpo']),
    });
    expect(body).toContain('# Bees \\| 7B');
    for (const { train } of job.stages) expect(body).toContain(train.sha256.slice(0, 16));
    expect(body).toContain('| tuned | 3.00 | 4.00 |');
  });

  test('does not show a path of this machine', async () => {
    const job = await makeSmallJob(folder.dir);
    const card = await modelCard({ ...job, base: '/home/someone/models/base-model' });
    expect(card).not.toContain('someone');
    expect(card).toContain('`base-model`');
  });
});

test('what the hub refuses is said with its status and without the token', async () => {
  await exported();
  hub.refuse(403);
  const error = await dataset().catch((caught: unknown) => caught);
  expect(HubError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'hub-failed', status: 403 });
  expect((error as Error).message).toContain('may write to this repository');
  expect((error as Error).message).not.toContain(TOKEN);
  await hub.close();
  await expect(dataset()).rejects.toMatchObject({ code: 'hub-failed', status: undefined });
});

test('an abort gives its reason, and wrong options are refused before anything is read', async () => {
  await exported();
  const reason = new Error('enough');
  await expect(dataset({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  vi.stubEnv('HF_TOKEN', '');
  await expect(dataset({ token: undefined })).rejects.toThrow(
    'Set the environment variable HF_TOKEN, or pass { token }.',
  );
  for (const repo of ['bees', '../bees', 'me/..']) {
    await expect(dataset({ repo })).rejects.toThrow('an owner and a name, such as "me/bees"');
  }
  await expect(dataset({ type: 'space' as 'model' })).rejects.toThrow('one of "dataset", "model"');
  await expect(dataset({ hubUrl: 'hub' })).rejects.toThrow('"hubUrl"');
  const typo: object = { dryrun: true };
  await expect(dataset(typo)).rejects.toThrow('Did you mean "dryRun"?');
  expect(hub.commits).toEqual([]);
});
