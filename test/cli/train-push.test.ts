import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeHub, startFakeHub } from '../hub/fake-hub.ts';
import { type Finished, runAloe } from './run-program.ts';

const TOKEN = 'hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ12345678';

const CARD = '---\nlibrary_name: transformers\n---\n# Bees\n';

describe('aloe train push', () => {
  let cwd: string;
  let hub: FakeHub;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'aloe-push-'));
    hub = await startFakeHub();
    await mkdir(join(cwd, 'model'));
    await writeFile(join(cwd, 'model/config.json'), '{"model_type": "llama"}');
    await writeFile(join(cwd, 'model/model.safetensors'), 'weights');
    await writeFile(join(cwd, 'model/README.md'), CARD);
  });
  afterEach(async () => {
    await hub.close();
    await rm(cwd, { recursive: true, force: true });
  });

  const push = (words: readonly string[], token = TOKEN): Promise<Finished> =>
    runAloe(['train', 'push', ...words, '--hub-url', hub.url], { cwd, env: { HF_TOKEN: token } });

  test('sends the files in one commit, to a private repository unless it shall be public', async () => {
    const { code, stdout, stderr } = await push(['model', '--repo', 'me/bees', '--json']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ url: `${hub.url}/me/bees`, commit: 'abc123' });
    expect([...hub.files.keys()]).toEqual(expect.arrayContaining(['config.json', 'model.safetensors']));
    expect(hub.files.get('model.safetensors')?.toString()).toBe('weights');
    expect(hub.created).toMatchObject({ name: 'bees', organization: 'me', visibility: 'private' });
    expect(hub.commits).toHaveLength(1);
    expect(stdout + stderr).not.toContain(TOKEN);
  });

  test('makes it public, and commits to a branch', async () => {
    const { code, stdout } = await push(['model', '--repo', 'me/bees', '--public', '--branch', 'next']);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      'README.md',
      'config.json',
      'model.safetensors',
      `${hub.url}/me/bees (abc123)`,
    ]);
    expect(hub.created).toMatchObject({ visibility: 'public' });
    expect(hub.seen.at(-1)).toBe('POST /api/models/me/bees/commit/next');
  });

  test('a dry run lists the files, needs no token and sends nothing', async () => {
    const { code, stdout } = await push(['model', '--repo', 'me/bees', '--dry-run'], '');
    expect(code).toBe(0);
    expect(stdout).toContain('model.safetensors\n');
    expect(stdout).toContain('Nothing was sent.');
    expect(hub.seen).toEqual([]);
  });

  test('an adapter that names a directory of this machine needs its base on the hub', async () => {
    await mkdir(join(cwd, 'adapter'));
    const config = { base_model_name_or_path: '/home/me/sft/model', peft_type: 'LORA' };
    await writeFile(join(cwd, 'adapter/adapter_config.json'), JSON.stringify(config));
    await writeFile(join(cwd, 'adapter/adapter_model.safetensors'), 'adapter');
    await writeFile(join(cwd, 'adapter/README.md'), CARD);
    const words = ['adapter', '--repo', 'me/bees-lora'];
    const refused = await push(words);
    expect([refused.code, refused.stdout, hub.commits]).toEqual([2, '', []]);
    expect(refused.stderr).toContain('"base"');
    expect(await push([...words, '--base', 'me/bees-sft'])).toMatchObject({ code: 0 });
    const sent = JSON.parse(hub.files.get('adapter_config.json')!.toString());
    expect(sent).toEqual({ ...config, base_model_name_or_path: 'me/bees-sft' });
  });

  test.each([
    ['no token', ['model', '--repo', 'me/bees'], '', 2, 'HF_TOKEN'],
    ['a directory that is not there', ['nothing', '--repo', 'me/bees'], TOKEN, 2, 'nothing'],
    ['a name without an owner', ['model', '--repo', 'bees'], TOKEN, 2, 'Option "repo"'],
    ['a repository that is not named', ['model'], TOKEN, 2, 'repo'],
  ])('%s is refused, and nothing is sent', async (_what, words, token, code, message) => {
    const refused = await push(words, token);
    expect([refused.code, refused.stdout, hub.commits]).toEqual([code, '', []]);
    expect(refused.stderr).toContain(message);
  });

  test('a key in the files stops it', async () => {
    await writeFile(join(cwd, 'model/notes.json'), JSON.stringify({ token: TOKEN }));
    const { code, stderr } = await push(['model', '--repo', 'me/bees'], 'hf_another');
    expect(code).not.toBe(0);
    expect(stderr).toContain('notes.json');
    expect(stderr).not.toContain(TOKEN);
    expect(hub.seen).toEqual([]);
  });

  test('a hub that refuses the token is told, without the token', async () => {
    hub.refuse(403);
    const { code, stderr } = await push(['model', '--repo', 'me/bees']);
    expect(code).toBe(1);
    expect(stderr).toContain('Check that the token may write to this repository.');
    expect(stderr).not.toContain(TOKEN);
  });
});
