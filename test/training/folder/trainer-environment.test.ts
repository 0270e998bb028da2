import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError } from '../../../src/errors.ts';
import { local } from '../../../src/training/backends/local.ts';
import { ray } from '../../../src/training/backends/ray.ts';
import { slurm } from '../../../src/training/backends/slurm.ts';
import { makeSmallJob } from '../small-job.ts';

const SECRETS = [
  ...['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'WANDB_API_KEY'],
  ...['HF_TOKEN', 'HF_TOKEN_2', 'HF_API_TOKEN', 'HUGGINGFACE_HUB_TOKEN', 'HUGGING_FACE_HUB_TOKEN'],
  ...[
    'NVIDIA_API_KEY',
    'NVIDIA_APIKEY',
    'TORCH_HUB_PASSWORD',
    'CUDA_SECRET',
    'DS_AUTH',
    'TRL_KEYS',
    'DATABASE_URL',
  ],
];
const NEEDED = [
  ...[
    'LANG',
    'LC_ALL',
    'TMPDIR',
    'XDG_CACHE_HOME',
    'CUDA_VISIBLE_DEVICES',
    'NVIDIA_VISIBLE_DEVICES',
    'HF_HOME',
  ],
  ...['HF_ENDPOINT', 'HF_TOKEN_PATH', 'HF_HUB_OFFLINE', 'HF_HUB_DISABLE_IMPLICIT_TOKEN', 'OMP_NUM_THREADS'],
  ...[
    'TOKENIZERS_PARALLELISM',
    'NCCL_DEBUG',
    'PYTORCH_CUDA_ALLOC_CONF',
    'https_proxy',
    'HTTPS_PROXY',
    'no_proxy',
  ],
  ...['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'LD_LIBRARY_PATH', 'PYTHONPATH'],
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-environment-'));
  for (const name of SECRETS) vi.stubEnv(name, `canary of ${name}`);
  for (const name of NEEDED) vi.stubEnv(name, `value of ${name}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('local()', () => {
  /** What a trainer sees when a job runs, and what Python sees when the job is checked. */
  async function seen(passEnv?: readonly string[]): Promise<string> {
    const python = join(folder, 'python');
    await writeFile(python, `#!/bin/sh\nenv >>'${folder}/seen'\nexit 3\n`, { mode: 0o755 });
    const backend = local({ dir: join(folder, 'jobs'), python, passEnv });
    const job = await makeSmallJob(join(folder, 'data'), { environment: { FROM_THE_JOB: 'yes' } });
    await backend.check(job);
    const handle = await backend.submit(job);
    await vi.waitFor(async () => expect((await backend.status(handle)).state).toBe('failed'), {
      timeout: 60_000,
      interval: 50,
    });
    return readFile(join(folder, 'seen'), 'utf8');
  }

  test('gives trainers what they need, and no secret', async () => {
    const environment = await seen();
    for (const name of NEEDED) expect(environment.split(`${name}=value of ${name}\n`)).toHaveLength(3);
    expect(environment).toContain('FROM_THE_JOB=yes\n');
    expect(environment).not.toContain('canary');
  });

  test('reads no start-up file of the shell, in which keys are often set', async () => {
    await writeFile(join(folder, '.bashrc'), 'export FROM_BASHRC=canary\n');
    vi.stubEnv('HOME', folder);
    vi.stubEnv('BASH_ENV', join(folder, '.bashrc'));
    // bash takes a shell at the top level whose input is a socket, as Node's pipes are, for one that sshd has started.
    vi.stubEnv('SHLVL', undefined);
    vi.stubEnv('SSH_CLIENT', '127.0.0.1 1 22');
    expect(await seen()).not.toContain('canary');
  });

  test('gives them the secrets that the user names', async () => {
    const environment = await seen(['HF_TOKEN', 'WANDB_API_KEY', 'NOT_SET']);
    expect(environment.match(/canary of \w+/g)?.toSorted()).toEqual([
      'canary of HF_TOKEN',
      'canary of HF_TOKEN',
      'canary of WANDB_API_KEY',
      'canary of WANDB_API_KEY',
    ]);
    expect(environment).not.toContain('NOT_SET');
  });

  test.each(['HF_TOKEN=hf_canary', 'A B', '', '$(id)', 'HF_*'])('refuses "%s" as a name', (name) => {
    const make = () => local({ passEnv: [name] });
    expect(make).toThrow(InvalidOptionError);
    expect(make).not.toThrow(/canary/);
    expect(() => slurm({ dir: folder, passEnv: [name] })).toThrow(InvalidOptionError);
  });
});

describe('slurm()', () => {
  async function exported(options: object = {}): Promise<string[]> {
    const backend = slurm({ dir: folder, ...options });
    const { actions } = await backend.preview(await makeSmallJob(join(folder, 'data')));
    const [, names = ''] = /'?--export=([^ ']+)/.exec(actions.at(-1)!) ?? [];
    return names.split(',');
  }

  test('exports what trainers and modules need, and no secret', async () => {
    const names = await exported();
    expect(names).toEqual(expect.arrayContaining([...NEEDED, 'PATH', 'BASH_FUNC_module%%']));
    expect(names.filter((name) => SECRETS.includes(name) || ['ALL', 'NONE', 'NIL'].includes(name))).toEqual(
      [],
    );
  });

  test('exports the secrets that the user names', async () => {
    expect(await exported({ passEnv: ['HF_TOKEN'] })).toContain('HF_TOKEN');
  });

  test('lets the nodes of a job have what its prologue set', async () => {
    const job = await makeSmallJob(join(folder, 'data'), { resources: { gpus: 0, nodes: 2 } });
    const { files } = await slurm({ dir: folder }).preview(job);
    expect(files['slurm.sh']).toContain('srun --export=ALL ');
  });
});

test('ray() sends no variable of this process', async () => {
  const backend = ray({ address: 'http://127.0.0.1:9', dir: '/mnt', runtimeEnv: { env_vars: { A: '1' } } });
  const { files } = await backend.preview(await makeSmallJob(join(folder, 'data')));
  const { runtime_env: sent } = JSON.parse(files['submission.json']!);
  expect(Object.keys(sent.env_vars)).toEqual(['RAY_JOB_STOP_WAIT_TIME_S', 'A']);
  expect(JSON.stringify(files)).not.toContain('canary');
});
