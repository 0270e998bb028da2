import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { InvalidFileError, InvalidOptionError } from '../../../src/errors.ts';
import { writeFakeTrainer } from '../../../src/testing/fake-trainer.ts';
import { hosted } from '../../../src/training/backends/hosted.ts';
import { local } from '../../../src/training/backends/local.ts';
import { ray } from '../../../src/training/backends/ray.ts';
import { slurm } from '../../../src/training/backends/slurm.ts';
import { doctor } from '../../../src/training/doctor/doctor.ts';
import { renderJob } from '../../../src/training/folder/render-job.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import type { TrainingBackend, TrainingHandle } from '../../../src/training/training-backend.ts';
import { makeSmallJob } from '../small-job.ts';

let folder: string;
let python: string;
let valid: string;
const commands: (readonly string[])[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-job-file-'));
  python = await writeFakeTrainer(join(folder, 'python'));
  const { stages, ...job } = await makeSmallJob(join(folder, 'data'));
  // One stage, so that every backend accepts it.
  valid = JSON.stringify({ ...job, stages: stages.slice(0, 1) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function runCommand(command: readonly string[]) {
  commands.push(command);
  return { exitCode: 0, stdout: '', stderr: '' };
}

/** Nothing listens on this port: a request would fail as a TrainingError. */
const NOWHERE = 'http://127.0.0.1:9';

function backends(): TrainingBackend[] {
  return [
    local({ dir: join(folder, 'local'), python }),
    slurm({ dir: join(folder, 'slurm'), runCommand }),
    ray({ address: NOWHERE, dir: '/mnt/aloe' }),
    hosted({ baseUrl: NOWHERE }),
  ];
}

/** The job as a program reads it from a file that somebody has changed: members by dotted path. */
function changed(members: Readonly<Record<string, unknown>>): TrainingJob {
  const job = JSON.parse(valid);
  for (const [path, value] of Object.entries(members)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    const owner = keys.reduce((object, key) => object[key], job);
    if (value === undefined) delete owner[last];
    else owner[last] = value;
  }
  return job;
}

const PWN = 'touch pwned';
const deep = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('a job from a file', () => {
  test('is accepted by every backend if it is valid', async () => {
    for (const backend of backends()) await backend.preview(changed({}));
  });

  test.each<[string, Record<string, unknown>]>([
    ['environment', { environment: { [`A=1; ${PWN} #`]: '1' } }],
    ['environment', { environment: { 'A\n': '1' } }],
    ['environment', { environment: { [`A$(${PWN})`]: '1' } }],
    ['environment', { environment: { 'A[$(touch pwned)]': '1' } }],
    ['environment', { environment: { Ä: '1' } }],
    ['environment', { environment: { '': '1' } }],
    ['environment', { environment: { '-n A': '1' } }],
    ['environment.A', { environment: { A: 1 } }],
    ['environment.A', { environment: { A: 'x\0y' } }],
    ['environment.A', { environment: { A: ['x'] } }],
    ...['aloe_python', 'aloe_rank', 'PATH', 'BASH_ENV', 'ENV', 'IFS', 'PS4', 'LD_PRELOAD', 'LD_AUDIT'].map(
      (name): [string, Record<string, unknown>] => ['environment', { environment: { [name]: '/tmp/evil' } }],
    ),
    ...['PYTHONPATH', 'PYTHONHOME', 'PYTHONSTARTUP', 'PYTHONWARNINGS', 'DYLD_INSERT_LIBRARIES', 'CC'].map(
      (name): [string, Record<string, unknown>] => ['environment', { environment: { [name]: '/tmp/evil' } }],
    ),
    ...['MASTER_ADDR', 'RANK', 'NCCL_NET_PLUGIN', 'TRITON_CACHE_DIR', 'BASH_FUNC_rm__'].map(
      (name): [string, Record<string, unknown>] => ['environment', { environment: { [name]: 'evil' } }],
    ),
    ...['HOME', 'XDG_CONFIG_HOME', 'HF_MODULES_CACHE', 'CUDA_INJECTION64_PATH', 'OMP_TOOL_LIBRARIES'].map(
      (name): [string, Record<string, unknown>] => ['environment', { environment: { [name]: '/tmp/evil' } }],
    ),
    ...['NVCC_PREPEND_FLAGS', 'CXXFLAGS', 'GIT_SSH_COMMAND', 'OPENSSL_CONF', 'NCCL_CONF_FILE'].map(
      (name): [string, Record<string, unknown>] => ['environment', { environment: { [name]: '/tmp/evil' } }],
    ),
    ...['HF_ENDPOINT', 'WANDB_BASE_URL', 'HTTPS_PROXY', 'https_proxy', 'REQUESTS_CA_BUNDLE'].map(
      (name): [string, Record<string, unknown>] => ['environment', { environment: { [name]: 'evil' } }],
    ),
    ['resources.timeLimitMinutes', { 'resources.timeLimitMinutes': `1m true; ${PWN}; true ` }],
    ['resources.timeLimitMinutes', { 'resources.timeLimitMinutes': '9' }],
    ['resources.timeLimitMinutes', { 'resources.timeLimitMinutes': 0.5 }],
    ['resources.timeLimitMinutes', { 'resources.timeLimitMinutes': { toString: PWN } }],
    ['resources.gpus', { 'resources.gpus': `1 --wrap=${PWN}` }],
    ['resources.gpus', { 'resources.gpus': -1 }],
    ['resources.nodes', { 'resources.nodes': '2' }],
    ['resources.nodes', { 'resources.nodes': 0 }],
    ['resources.cpus', { 'resources.cpus': `1\n#SBATCH --wrap=${PWN}` }],
    ['resources.memoryGiB', { 'resources.memoryGiB': 1e300 }],
    ['resources', { resources: null }],
    ['resources.qos', { 'resources.qos': 'high' }],
    ['launch', { launch: `ddp; ${PWN}` }],
    ['name', { name: ['--wrap', PWN] }],
    ['name', { name: 'a\0b' }],
    ['name', { name: '\n' }],
    ['base', { base: 'model\0' }],
    ['base', { base: { toString: PWN } }],
    ['schema', { schema: 'aloe-training-job/2' }],
    ['script', { script: PWN }],
    ['stages', { stages: [] }],
    ['stages', { stages: { length: 1, 0: PWN } }],
    ['stages.0.name', { 'stages.0.name': `sft;${PWN}` }],
    ['stages.0.name', { 'stages.0.name': '../../.ssh' }],
    ['stages.0.name', { 'stages.0.name': 'sft\n' }],
    ['stages.0.method', { 'stages.0.method': `sft; ${PWN}` }],
    ['stages.0.method', { 'stages.0.method': 'grpo' }],
    ['stages', { 'stages.0.from': '../../evil' }],
    ['stages.0.train.path', { 'stages.0.train.path': 'relative.jsonl' }],
    ['stages.0.train.path', { 'stages.0.train.path': '-t/etc' }],
    ['stages.0.train.path', { 'stages.0.train.path': '/data\0.jsonl' }],
    ['stages.0.train.sha256', { 'stages.0.train.sha256': `$(${PWN})` }],
    ['stages.0.train', { 'stages.0.train': '/data.jsonl' }],
    ['stages.0.validation', { 'stages.0.validation': '/data.jsonl' }],
    ['stages.0.pre', { 'stages.0.pre': PWN }],
    ['stages.sft.options', { 'stages.0.options.trust_remote_code': true }],
    ['stages.sft.options', { 'stages.0.options.attn_implementation': 'evil/kernel' }],
    ['stages.sft.options', { 'stages.0.options.attn_implementation': 'paged|evil/kernel@v1:run' }],
    ['stages.sft.options', { 'stages.0.options.attn_implementation': { '': 'evil/kernel' } }],
    ['stages.sft.options', { 'stages.0.options.model_name_or_path': 'evil/model' }],
    ['stages.sft.options', { 'stages.0.options.dataset_name': 'evil/data' }],
    ['stages.sft.options', { 'stages.0.options.resume_from_checkpoint': '/tmp/evil' }],
    ['stages.sft.options', { 'stages.0.options.env': { LD_PRELOAD: '/tmp/evil.so' } }],
    ['stages.sft.options', { 'stages.0.options.output_dir': '/tmp/evil' }],
    ['stages.sft.options', { 'stages.0.options': { '!!python/object/apply:os.system': PWN } }],
    ['job', { 'stages.0.options.optim_args': deep(5_000) }],
  ])(
    'with a bad %s is refused by every backend, before anything is run, sent or written',
    async (option, members) => {
      const job = changed(members);
      const calls = [
        () => renderJob(job),
        ...backends().flatMap((backend) => [
          () => backend.submit(job),
          () => backend.preview(job),
          () => backend.check(job),
        ]),
      ];
      for (const call of calls) {
        const failure = await call().catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(InvalidOptionError);
        expect((failure as Error).message).toContain(`Option "${option}": expected `);
      }
      const [finding] = await doctor(job, backends()[0]!);
      expect(finding).toMatchObject({ check: 'job', level: 'error' });
      expect(commands).toEqual([]);
      expect((await readdir(folder)).sort()).toEqual(['data', 'python']);
    },
  );

  test('may have any text in its values, and none of it is executed', async () => {
    const nasty = `'; ${PWN}; $(${PWN}) \`${PWN}\` !!python/object/apply:os.system ["${PWN}"]\n# {{x}} %(x)s\u2028trust_remote_code:\u2028  true`;
    const job = changed({
      name: nasty,
      base: nasty,
      environment: { NASTY: nasty },
      'stages.0.options.run_name': nasty,
      'resources.timeLimitMinutes': 9,
    });
    const backend = local({ dir: join(folder, 'nasty'), python });
    const handle = await backend.submit(job);
    for (;;) {
      const { state, reason } = await backend.status(handle);
      if (state === 'succeeded') break;
      expect(state, reason ?? '').toBe('running');
    }
    expect(await readdir(handle.location.folder!)).not.toContain('pwned');
    await rm(join(folder, 'nasty'), { recursive: true });
  });
});

describe('a directory that came with somebody’s data', () => {
  async function submitInto(change: (place: string) => Promise<unknown>): Promise<unknown> {
    const dir = await mkdtemp(join(folder, 'runs-'));
    const job = changed({});
    const { id, files, inputs } = await renderJob(job);
    const place = join(dir, id.slice(0, 16));
    for (const path of [...Object.keys(files), ...Object.keys(inputs)]) {
      await mkdir(join(place, path, '..'), { recursive: true });
      await writeFile(join(place, path), files[path] ?? (await readFile(inputs[path]!.path)));
    }
    await change(place);
    const failure = await local({ dir, python })
      .submit(job)
      .catch((error: unknown) => error);
    expect(await readdir(place)).not.toContain('pwned');
    return failure;
  }

  test.each<[string, string]>([
    ['another script', 'run.sh'],
    ['another wrapper of the trainer', 'scripts/train_stage.py'],
    ['another configuration', 'config/sft.yaml'],
    ['other data', 'data/sft/train.jsonl'],
  ])('with %s in place of the job’s is refused', async (_what, path) => {
    const failure = await submitInto((place) => writeFile(join(place, path), `${PWN}\n`));
    expect(failure).toBeInstanceOf(InvalidFileError);
    expect((failure as Error).message).toContain('is not what this job would write');
  });

  test('without one of its files is refused', async () => {
    const failure = await submitInto((place) => rm(join(place, 'run.sh')));
    expect(failure).toBeInstanceOf(InvalidFileError);
  });

  test.each<[string, (place: string) => Promise<unknown>]>([
    ['a module', (place) => writeFile(join(place, 'torch.py'), PWN)],
    ['a module beside its scripts', (place) => writeFile(join(place, 'scripts/yaml.py'), PWN)],
    ['a compiled module', (place) => writeFile(join(place, 'accelerate.so'), PWN)],
    [
      'a package',
      async (place) => {
        await mkdir(join(place, 'accelerate'));
        await writeFile(join(place, 'accelerate/__init__.py'), PWN);
      },
    ],
    ['a log that is a link', (place) => symlink('/tmp/aloe-nowhere', join(place, 'output.log'))],
    ['an exit status that is a link', (place) => symlink('/tmp/aloe-nowhere', join(place, 'exit_code'))],
    [
      'results that are a link',
      async (place) => {
        await mkdir(join(place, 'sft'));
        await symlink('/tmp', join(place, 'sft/adapter'));
      },
    ],
    [
      'data that is a link',
      async (place) => {
        const file = join(place, 'data/sft/train.jsonl');
        await rename(file, join(place, 'elsewhere.jsonl'));
        await symlink('../../elsewhere.jsonl', file);
      },
    ],
  ])('with %s is refused', async (_what, change) => {
    const failure = await submitInto(change);
    expect(failure).toBeInstanceOf(InvalidFileError);
    expect((failure as Error).message).toContain('does not belong to this job');
  });

  test('with checkpoints, and links of a tool’s own, is used', async () => {
    const handle = (await submitInto(async (place) => {
      await mkdir(join(place, 'sft/adapter/checkpoint-1'), { recursive: true });
      await mkdir(join(place, 'wandb'));
      await symlink('run-1', join(place, 'wandb/latest-run'));
    })) as TrainingHandle;
    await vi.waitFor(async () => expect((await local().status(handle)).state).toBe('succeeded'), {
      timeout: 60_000,
      interval: 50,
    });
  });

  test.each([['../../secrets'], ['/etc'], ['sft/model/../../..']])(
    'with a manifest that names %s as a result is refused',
    async (output) => {
      const place = await mkdtemp(join(folder, 'results-'));
      const manifest = { schema: 'aloe-job-folder/1', stages: [], outputs: [output] };
      await writeFile(join(place, 'manifest.json'), JSON.stringify(manifest));
      await writeFile(join(place, 'exit_code'), '0\n');
      const handle = {
        schema: 'aloe-training-handle/1',
        backend: 'local',
        id: 'x',
        job: { name: 'x', id: 'x' },
        submittedAt: '2026-01-01T00:00:00.000Z',
        location: { folder: place },
      } as const;
      await expect(local().artifacts(handle)).rejects.toThrow(InvalidFileError);
    },
  );

  test.each([
    ['local', 'process.json', { pid: 1, startedAt: 'x' }],
    ['local', 'process.json', { pid: 0, startedAt: 'x' }],
    ['local', 'process.json', { pid: -5, startedAt: 'x' }],
    ['slurm', 'slurm.json', { jobId: '--user=me' }],
    ['slurm', 'slurm.json', { jobId: '1 2' }],
  ])('with a %s record that stands for other jobs cancels nothing', async (name, file, record) => {
    const place = await mkdtemp(join(folder, 'cancel-'));
    await writeFile(join(place, file), JSON.stringify({ submittedAt: 'x', ...record }));
    const backend = backends().find((one) => one.name === name)!;
    const handle = {
      schema: 'aloe-training-handle/1',
      backend: name,
      id: 'x',
      job: { name: 'x', id: 'x' },
      submittedAt: '2026-01-01T00:00:00.000Z',
      location: { folder: place },
    } as const;
    await expect(backend.cancel(handle)).rejects.toThrow(InvalidFileError);
    expect(commands).toEqual([]);
  });

  test.each(['', '.', '..', 'a\0b'])(
    'with a handle of the id %j reaches no other path of a server',
    async (id) => {
      const handle = {
        schema: 'aloe-training-handle/1',
        backend: 'hosted',
        id,
        job: { name: 'x', id: 'x' },
        submittedAt: '2026-01-01T00:00:00.000Z',
        location: { stage: 'sft' },
      } as const;
      await expect(hosted({ baseUrl: NOWHERE }).cancel(handle)).rejects.toThrow(InvalidOptionError);
    },
  );
});
